#!/bin/sh
# Builds the programs of a Kubernetes of one machine into FOLDER/bin, from the source package of Debian 12, which holds
# everything that they are made of: the API server, the controllers, the scheduler and the kubelet. No kubelet of a later
# version drives an engine of Docker by itself.
# usage: kubernetes.sh FOLDER
set -eu
folder=$1
mkdir -p "$folder/bin" "$folder/apt/lists/partial" "$folder/apt/parts" "$folder/source"

# A list of source packages of its own: that of the system stays as it is.
sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$folder/apt/parts/debian.sources"
apt() {
    apt-get --option Dir::Etc::SourceList=/dev/null --option "Dir::Etc::SourceParts=$folder/apt/parts" \
        --option "Dir::State::Lists=$folder/apt/lists" "$@"
}
# A build that broke off leaves generators that cannot be run, so each begins anew.
cd "$folder/source"
rm -rf kubernetes*
apt update
apt source kubernetes
cd kubernetes-*/

# What it is said to be; there is no history that would tell.
export KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_TREE_STATE=clean KUBE_GIT_COMMIT=none
export CGO_ENABLED=0 GOCACHE="$folder/cache"
for program in kube-apiserver kubelet kube-controller-manager kube-scheduler; do
    make "WHAT=cmd/$program"
    cp "_output/local/bin/linux/$(go env GOARCH)/$program" "$folder/bin/$program"
done
cd /
rm -rf "$folder/source" "$folder/cache" "$folder/apt"

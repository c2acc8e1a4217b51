//! Which features are on.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::RawDependency;

/// The features of a package: what each turns on.
pub(super) type FeatureTable = BTreeMap<String, Vec<String>>;

/// The features that are on in each package when all are built together with their defaults.
pub(super) fn unify(
    packages: &[(FeatureTable, Vec<RawDependency>)],
    by_name: &BTreeMap<String, usize>,
) -> Vec<BTreeSet<String>> {
    let mut enabled: Vec<BTreeSet<String>> = vec![BTreeSet::new(); packages.len()];
    let mut queue: Vec<(usize, String)> =
        (0..packages.len()).map(|index| (index, "default".to_owned())).collect();
    for (_, dependencies) in packages {
        for dependency in dependencies {
            let Some(&target) = by_name.get(&dependency.package) else { continue };
            queue.extend(dependency.features.iter().map(|feature| (target, feature.clone())));
        }
    }
    while let Some((package, feature)) = queue.pop() {
        if !enabled[package].insert(feature.clone()) {
            continue;
        }
        let (table, dependencies) = &packages[package];
        for entry in table.get(&feature).into_iter().flatten() {
            // `dep:name` turns a dependency on, `name/feature` and `name?/feature` one of its features.
            if let Some((name, feature)) = entry.split_once('/') {
                let name = name.trim_end_matches('?');
                let target = dependencies
                    .iter()
                    .find(|dependency| dependency.name == name)
                    .and_then(|dependency| by_name.get(&dependency.package));
                queue.extend(target.map(|&target| (target, feature.to_owned())));
                // An optional dependency that is turned on so is a feature of its own name.
                queue.push((package, name.to_owned()));
            } else if !entry.starts_with("dep:") {
                queue.push((package, entry.clone()));
            }
        }
    }
    enabled
}

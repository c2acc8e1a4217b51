"""Checks a ledger with nothing but its documented format: a second implementation, in another language.

usage: verify_ledger.py FOLDER ORIGIN VKEY [PROOF]

Reads the segments of FOLDER, checks that the lines follow each other, computes the root of RFC 6962 over
them, checks the signature of the checkpoint under the C2SP verifier key VKEY, and with PROOF (a file in
the format of c2sp.org/tlog-proof) that the line it names is under that root. Prints `valid SIZE ROOT` and
ends with 0, or prints why not and ends with 1. Standard library only.
"""

import base64
import hashlib
import json
import os
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


class Refused(Exception):
    """Why the ledger, its checkpoint or the proof does not hold."""


def need(condition, why):
    if not condition:
        raise Refused(why)


# Ed25519 (RFC 8032), points as (x, y, z, t) with x = x/z, y = y/z, x*y = t/z.

def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    need(x is not None, "bytes are no point")
    return (x, y, 1, x * y % P)


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if len(signature) != 64:
        return False
    point, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(h, point))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    return s < L and same


# RFC 6962

def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def root_of_proof(index, size, leaf, path):
    """The root that a path leads to, from the root down as section 2.1.1 defines it."""
    if size == 1:
        need(not path, "the proof is too long")
        return leaf
    need(path, "the proof is too short")
    k = 1 << (size - 1).bit_length() - 1
    if index < k:
        return node_hash(root_of_proof(index, k, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_of_proof(index - k, size - k, leaf, path[:-1]))


# The ledger

def lines_of(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".jsonl"))
    lines = []
    for name in names:
        need(int(name[:-6]) == len(lines), f"segment {name} does not begin with event {len(lines)}")
        with open(os.path.join(folder, name), "rb") as segment:
            lines += segment.read().split(b"\n")[:-1]
    prev = bytes(32)
    for seq, line in enumerate(lines):
        record = json.loads(line)
        need(sorted(record) == ["event", "hash", "prev", "seq"], f"line {seq} has other members")
        need(record["seq"] == seq, f"line {seq} has the number {record['seq']}")
        need(record["prev"] == "sha256:" + prev.hex(), f"line {seq} does not follow the one before")
        # The event is hashed as it stands there, whatever spelling of JSON it has.
        event = line[len(b'{"event":'):line.rindex(b',"hash":')]
        data = b"aether-ledger-line-v1\n" + prev + seq.to_bytes(8, "big") + event
        prev = hashlib.sha256(data).digest()
        need(record["hash"] == "sha256:" + prev.hex(), f"line {seq} was altered")
    return lines


def checkpoint_of(note, origin, vkey):
    name, number, encoded = vkey.split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    need(typed[0] == 1 and len(typed) == 33 and number == expected, "the key is none of Ed25519")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    found = False
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        data = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and data[:4].hex() == number:
            need(is_signed(typed[1:], text.encode(), data[4:]), "the signature is wrong")
            found = True
    need(found, "the key did not sign")
    lines = text.split("\n")
    need(lines[0] == origin, "the checkpoint is of another ledger")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def main(folder, origin, vkey, proof=None):
    lines = lines_of(folder)
    with open(os.path.join(folder, "checkpoint"), encoding="utf-8", newline="") as file:
        size, root = checkpoint_of(file.read(), origin, vkey)
    need(size <= len(lines), "events are gone")
    need(root_of([leaf_hash(line) for line in lines[:size]]) == root, "the root is another one")
    if proof:
        with open(proof, encoding="utf-8", newline="") as file:
            head, _, note = file.read().partition("\n\n")
        size, root = checkpoint_of(note, origin, vkey)
        kind, index, *path = head.split("\n")
        need(kind == "c2sp.org/tlog-proof@v1" and index.startswith("index "), "the proof is of another kind")
        index = int(index[6:])
        need(index < min(size, len(lines)), "the proof is for no event")
        path = [base64.b64decode(line, validate=True) for line in path]
        found = root_of_proof(index, size, leaf_hash(lines[index]), path)
        need(found == root, "the proof leads to another root")
    print(f"valid {len(lines)} sha256:{root.hex()}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Refused, OSError, ValueError, KeyError, IndexError) as error:
        print(f"refused: {error}")
        sys.exit(1)

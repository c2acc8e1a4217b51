"""Reads and writes private keys of sumdb/note from their description alone, without any library of ours.

note_key.py make NAME SEED_HEX   writes the private key of a seed
note_key.py show < KEY           prints the public key of a private one
"""

import base64
import hashlib
import sys

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 != sign else x


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P)
    return x % P, y % P


def public(seed):
    """RFC 8032, section 5.1.5."""
    half = bytearray(hashlib.sha512(seed).digest()[:32])
    half[0] &= 248
    half[31] = half[31] & 127 | 64
    scalar = int.from_bytes(half, "little")
    found, doubled = (0, 1), (recover_x(BASE_Y, 0), BASE_Y)
    while scalar:
        if scalar & 1:
            found = add(found, doubled)
        doubled = add(doubled, doubled)
        scalar >>= 1
    x, y = found
    return (y | (x & 1) << 255).to_bytes(32, "little")


def key_id(name, seed):
    return hashlib.sha256(name.encode() + b"\n\x01" + public(seed)).hexdigest()[:8]


def main():
    match sys.argv[1:]:
        case ["make", name, seed]:
            seed = bytes.fromhex(seed)
            encoded = base64.b64encode(b"\x01" + seed).decode()
            print(f"PRIVATE+KEY+{name}+{key_id(name, seed)}+{encoded}")
        case ["show"]:
            private, word, name, found, encoded = sys.stdin.read().rstrip("\n").split("+", 4)
            typed = base64.b64decode(encoded, validate=True)
            assert (private, word) == ("PRIVATE", "KEY") and len(typed) == 33 and typed[0] == 1
            assert key_id(name, typed[1:]) == found
            print(f"{name}+{found}+{base64.b64encode(b'%c' % 1 + public(typed[1:])).decode()}")
        case _:
            sys.exit(__doc__)


main()

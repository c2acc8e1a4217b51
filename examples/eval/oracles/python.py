"""Declarations of a folder of Python, by the interpreter's own parser.

Prints `file`, `line of the name`, `kind` and `name` with tabs between, and for each file that it
could parse one line of kind `file`.
"""

import ast
import os
import sys

root = sys.argv[1]
for folder, folders, files in os.walk(root):
    folders[:] = [name for name in folders if not name.startswith(".")]
    for name in files:
        if not name.endswith(".py"):
            continue
        path = os.path.join(folder, name)
        shown = os.path.relpath(path, root)
        try:
            with open(path, "rb") as file:
                tree = ast.parse(file.read())
        except (SyntaxError, ValueError, RecursionError):
            continue
        print(shown, 1, "file", name, sep="\t")
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                print(shown, node.lineno, "function", node.name, sep="\t")
            elif isinstance(node, ast.ClassDef):
                print(shown, node.lineno, "type", node.name, sep="\t")

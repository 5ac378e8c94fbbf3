"""older_python.py: pkcs11-check is written for Python 3.12; five of its files use that version's type parameters.
Rewrites those in the installed package, where this Python is older. Nothing else of it is touched."""

import ast
import os
import re
import sysconfig

root = os.path.join(sysconfig.get_paths()["purelib"], "pkcs11_check")
for folder, _, names in os.walk(root):
    for path in (os.path.join(folder, name) for name in names if name.endswith(".py")):
        with open(path) as file:
            text = file.read()
        try:
            ast.parse(text)
            continue
        except SyntaxError:
            pass
        parameters = sorted(set(re.findall(r"^(?:async )?def \w+\[(\w+)\]", text, re.M)))
        text = re.sub(r"^type (\w+) =", r"\1 =", text, flags=re.M)
        text = re.sub(r"^((?:async )?def \w+)\[\w+\]\(", r"\1(", text, flags=re.M)
        if parameters:
            line = "from typing import TypeVar as _TypeVar\n"
            line += "".join(f'{name} = _TypeVar("{name}")\n' for name in parameters)
            future = "from __future__ import annotations\n"
            text = text.replace(future, future + line, 1) if future in text else line + text
        ast.parse(text)
        with open(path, "w") as file:
            file.write(text)

"""isolated.py FOLDER: runs every unittest in FOLDER, each in a process of its own, because a test that fails leaves
sessions and logins behind that the next one stumbles over. Prints a JSON line for each."""

import json
import os
import re
import signal
import sys
import unittest

PATIENCE = 120  # seconds for one test


def each(suite):
    for item in suite:
        yield from each(item) if isinstance(item, unittest.TestSuite) else [item]


def outcome(test):
    result = unittest.TestResult()
    unittest.TestSuite([test]).run(result)
    for _, trace in result.errors + result.failures:
        return "failed", trace.strip().splitlines()[-1]
    for _, why in result.skipped:
        return "skipped", named(why)
    return "passed", ""


def named(why):
    """python-pkcs11 tells mechanisms by their numbers."""
    if why.startswith("Requires "):
        from pkcs11 import Mechanism

        return re.sub(r"\d+", lambda number: Mechanism(int(number.group())).name, why)
    return why


def run_isolated(test):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        os.dup2(2, 1)  # what tests print is not for our reader
        os.write(theirs, json.dumps(outcome(test)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        words = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return json.loads(words) if words else ("failed", f"the process ended with {status}")


folder = os.path.abspath(sys.argv[1])
is_package = os.path.exists(os.path.join(folder, "__init__.py"))
top = os.path.dirname(folder) if is_package else folder
for test in each(unittest.TestLoader().discover(folder, top_level_dir=top)):
    verdict, words = run_isolated(test)
    name = test.id().removeprefix(f"{os.path.basename(folder)}." if is_package else "")
    print(json.dumps({"test": name, "outcome": verdict, "words": words[:300]}), flush=True)

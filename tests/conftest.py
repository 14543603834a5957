from __future__ import annotations

import os

import hypothesis

# On a busy machine an example may take long; no test says anything of time.
hypothesis.settings.register_profile("any machine", deadline=None)
# What lands or not must not depend on chance; new examples are looked for where people work.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "any machine")

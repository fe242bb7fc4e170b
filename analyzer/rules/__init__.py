"""What is worth saying: each module is a rule that reads the site and yields findings.

A rule's docstring is its help: the first line says it in short, the rest why it matters and what
to do.
`CODE` and `SEVERITY` never change for a rule; `SCORE` is its security severity, `MESSAGE` the
sentence of a
finding with numbered placeholders in single quotes, `TAGS` its tags, and `check(site)` yields the
findings.
"""

from __future__ import annotations

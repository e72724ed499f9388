"""Signals to severity x certainty to a grade, with reasons.

Promise: a pure function of signals, rubric and earlier steps; the same input gives the same grade,
and every grade says in plain sentences which number crossed which threshold, from which vintage.
May import: domain, errors, signals, models; pydantic and yaml for the rubric.
To change a threshold, edit `rubric.yaml` and cite the source beside it; code holds no number.
"""

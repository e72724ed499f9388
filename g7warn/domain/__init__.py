"""Words that everybody shares: minerals, places, series, frames, signals, alerts, members, marking.

Promise: values without input or output; equal values mean equal things; closed sets are enums.
May import: the standard library, numpy, pandas (inside `ObservationFrame` only), pydantic, yaml.
To add a mineral, add an entry to `minerals.yaml`; to add a like-minded country, name it in the
settings or in `places.yaml`. Nothing else needs to change.
"""

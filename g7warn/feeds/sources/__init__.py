"""One file a publisher's format; sources never import one another.

Promise: `parse` is a function of bytes and catalogue entry; it reads no clock, network or file.
May import: the feeds folder outside of `sources`, `domain`, `errors`.
To add a source, write `<name>.py` with `SOURCE = <class>()`; the catalogue's `source:` names it.
"""

"""Simulated markets: a seeded world, written as payloads in the publishers' own formats.

Promise: everything made here says that it is simulated, in the payload itself, in the licence
column of the manifest and in the file's name; the same seed gives the same bytes, on any machine.
The payloads take the way of real ones: the same transport, source, suite and store.
May import: everything below `settings`. To add an event to the simulated past, edit `world.yaml`;
to simulate one more publisher, write its layout in a file of its own and name it in `mirror.py`.
"""

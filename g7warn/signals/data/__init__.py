"""Data health: whether we can see at all, and whether what we see can be trusted.

Direction DOWN is sight that is lost: SEVERE when the mineral's indicators are silent, which grades
as Blind, never as calm; MODERATE when they rest on doubtful data, MINOR when a reader should know.
Direction UP is a doubt about data that are seen, such as two sources that disagree: MODERATE is a
data alert of its own. Neither is ever a price alert.
"""

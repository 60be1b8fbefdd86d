"""Edits of single parts of the catalogue by an administrator, one file per part.

All take what was typed as `values` (field by field, JSON values), the `version` the row was read with, and who edits;
all raise FieldsWrong, ChangedMeanwhile and EntryNotFound. Nothing is ever deleted that an order may name: it is
switched off (`active`).
"""

"""Dingmi's clock: sweeps over the database that are harmless when run twice."""

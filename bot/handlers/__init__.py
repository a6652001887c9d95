"""Handlers: each unpacks, calls one rule, answers, redraws. Refusals have one home: the app."""

"""The domain of classification determination: people, guide, workflow, register, messages owed.

Knows no Telegram, no HTTP and no scheduler; the only package that writes to the database.
"""

"""Alembic migrations, run by `service.store.db.open_store`; there is no alembic.ini."""

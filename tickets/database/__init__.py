"""The database: opened, prepared for several processes, migrated, copied."""

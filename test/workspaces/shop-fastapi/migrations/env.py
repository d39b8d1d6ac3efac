from alembic import context
from sqlalchemy import engine_from_config, pool

from lontar.config import settings
from lontar.models import Base

config = context.config
config.set_main_option("sqlalchemy.url", str(settings.database_url).replace("+asyncpg", ""))


def run_migrations_online() -> None:
    connectable = engine_from_config(config.get_section(config.config_ini_section), poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()

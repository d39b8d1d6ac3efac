from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LONTAR_", env_file=".env")

    api_prefix: str = "/api/v1"
    database_url: str = Field(default="postgresql+asyncpg://localhost/lontar", validation_alias="DATABASE_URL")
    secret_key: str = "change-me"
    token_minutes: int = 30


settings = Settings()

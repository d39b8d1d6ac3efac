from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from lontar.config import settings
from lontar.routers import api_router
from lontar.routers.orders import quotes

app = FastAPI(title="Lontar")
feeds = FastAPI(title="Feeds")


@app.middleware("http")
async def block_banned_clients(request: Request, call_next):
    if request.client and request.client.host in app.state.banned:
        return JSONResponse({"detail": "Forbidden"}, status_code=403)
    return await call_next(request)


@app.get("/healthz", include_in_schema=False)
async def health():
    return {"status": "ok"}


@feeds.get("/books.xml")
async def books_feed(limit: int = 50) -> str:
    return ""


app.include_router(api_router, prefix=settings.api_prefix)
app.include_router(quotes, prefix=f"{settings.api_prefix}/public")
app.mount("/feeds/", feeds)

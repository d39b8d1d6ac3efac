from aksara import Aksara, APIRouter, include_viewset

from shop.views import VIEWSETS, CustomerViewSet

app = Aksara(title="Shop", auto_discover_views=False)
app.register_viewsets(VIEWSETS)

office = APIRouter(prefix="/office")
include_viewset(office, CustomerViewSet)
app.include_router(office, prefix="/v1")


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}

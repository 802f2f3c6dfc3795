from django.http import HttpRequest
from typing import Any

def layout(request: HttpRequest) -> dict[str, Any]:
    return {"layout": {}}

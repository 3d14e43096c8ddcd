"""Every address of the product. Each declares its door; the product refuses to start otherwise."""

from __future__ import annotations

from django.urls import include, path

from fairdraw.accounts.doors import door, public_door
from fairdraw.ui.urls import patterns as ui_patterns

handler400 = "fairdraw.ui.views.bad_request"
handler403 = "fairdraw.ui.views.permission_denied"
handler404 = "fairdraw.ui.views.page_not_found"
handler500 = "fairdraw.ui.views.server_error"
urlpatterns = [
    path("", include("fairdraw.desk.urls")),
    path("accounts/", include("fairdraw.accounts.urls")),
    path("registers/", include("fairdraw.registers.urls")),
    path("plans/", include("fairdraw.plans.urls")),
    path("public/", include("fairdraw.portal.urls")),
    path("api/v1/", include("fairdraw.exchange.api.urls")),
    path("ui/", include((ui_patterns(officer=door(), public=public_door), "ui"))),
]

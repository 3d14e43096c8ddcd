"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from fairdraw.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/", views.items, name="items"),
    path("plan/", views.plan, name="plan"),
    path("plan/<int:year>/", views.plan, name="plan"),
    path("plan/<int:year>/<int:version>/", views.plan, name="plan"),
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<str:number>/", views.task, name="task"),
    path("tasks/<str:number>/<int:version>/", views.task, name="task"),
    path("results/", views.results, name="results"),
    path("search/", views.search, name="search"),
    path("draws/", views.draw_list, name="draws"),
    path("draws/<uuid:draw_id>/", views.draw, name="draw"),
    path("draws/<uuid:draw_id>/bundle.zip", views.draw_bundle, name="draw-bundle"),
    path("draws/<uuid:draw_id>/<str:name>", views.draw_file, name="draw-file"),
    path("log/", views.log, name="log"),
    path("log/<int:size>.txt", views.checkpoint, name="checkpoint"),
    path("verify.py", views.verifier, name="verifier"),
]

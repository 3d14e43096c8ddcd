"""Page shell, components, template tags, styles: what every page is made of; knows no stage (界面)."""

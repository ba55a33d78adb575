#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a desktop reads of Bobbin is valid and belongs together.
. "$(dirname "$0")/tap.sh"
cd "$source_root" || exit 1
id=$1
data=$build_root/data

check desktop-entry desktop-file-validate "$data/$id.desktop"
check metainfo appstreamcli validate --pedantic --no-net "$data/$id.metainfo.xml"
check schema glib-compile-schemas --strict --dry-run data

has_line() { grep -qxF "$2" "$1" || { echo "$1 has no line “$2”"; return 1; }; }
check desktop-icon has_line "$data/$id.desktop" "Icon=$id"
check desktop-lists has_line "$data/$id.desktop" 'MimeType=text/uri-list;'
check desktop-activatable has_line "$data/$id.desktop" 'DBusActivatable=true'
check service-name has_line "$data/$id.service" "Name=$id"
check bus-interface xmllint --noout --nonet data/dbus/io.github.bobbinapp.Bobbin1.xml

metainfo_version() {
  grep -m 1 -o '<release version="[^"]*"' "$data/$id.metainfo.xml" | cut -d '"' -f 2
}
# What Flathub's guidelines ask for and the validator does not.
metainfo() { xmllint --nonet --xpath "$1" "$data/$id.metainfo.xml"; }
holds() { [ "$(metainfo "$1")" = true ] || { echo "not so: $1"; return 1; }; }
check metainfo-summary holds 'string-length(/component/summary[not(@xml:lang)]) <= 35'
check metainfo-colours holds 'count(/component/branding/color[@type="primary"]) = 2'
check metainfo-captions holds 'not(//screenshot[not(caption)]) and count(//screenshot) >= 3'
check metainfo-default holds 'count(//screenshot[@type="default"]) = 1'
for kind in homepage bugtracker vcs-browser help contribute; do
  check "metainfo-$kind" holds "starts-with(/component/url[@type='$kind'], 'https://')"
done
pictures() {
  local name
  for name in $(metainfo '//screenshot/image/text()' | sed 's|.*/||'); do
    [ -s "data/screenshots/$name" ] || { echo "there is no $name"; return 1; }
  done
}
check metainfo-pictures pictures

same() { [ "$1" = "$2" ] || { echo "“$1” is not “$2”"; return 1; }; }
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
check metainfo-pictures-of-release holds \
  "not(//screenshot/image[not(contains(., '/$version/data/screenshots/'))])"
check metainfo-release same "$(metainfo_version)" "$version"
for page in data/man/*.1; do
  check "version-of-$(basename "$page")" grep -q "\"Bobbin $version\"" "$page"
done

# An icon that cannot be drawn comes out empty or not at all.
draws() {
  gdk-pixbuf-thumbnailer -s "$2" "file://$PWD/$1" "$scratch/icon.png" && [ -s "$scratch/icon.png" ]
}
for icon in data/icons/hicolor/*/apps/*.svg; do
  check "icon-$(basename "$icon" .svg)" draws "$icon" 64
done

manifest=data/flatpak/io.github.bobbinapp.Bobbin
check manifest json-glib-validate "$manifest.json"
check manifest-of-development json-glib-validate "$manifest.Devel.json"
# Beside its name and its profile the one for development is the same.
undeveloped() { sed -e 's/Bobbin\.Devel"/Bobbin"/' -e '/-Dprofile=development/d' "$manifest.Devel.json"; }
check manifests-agree diff -u "$manifest.json" <(undeveloped)

finish

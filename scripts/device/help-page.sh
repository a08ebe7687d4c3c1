# The page that says that the screen is not ready, and to the team why. Sourced, after ask.sh.
# shellcheck shell=bash disable=SC2154

readonly help_page="${XDG_RUNTIME_DIR:?the unit sets it}/help.html"
ui="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/ui/dist"
readonly ui

# Why the daemon is not ready, and what to do: in its own words, where it has any.
why() {
  local said
  said=$(tail -n +2 "$not_ready" 2>/dev/null) || said=''
  if [ -n "$said" ]; then
    printf '%s\n' "$said"
  elif (exec 3<>"/dev/tcp/$address/$port") 2>/dev/null; then
    echo "What answers at $host is not the daemon, or is not ready. Look at: lookdial status, and lookdial doctor."
  else
    echo "Nothing answers at $host. The daemon starts, which may take minutes the first time; or it was stopped. Look at: lookdial status, and lookdial doctor."
  fi
}

# Without the page that was built the words are there all the same.
help_template() {
  cat "$ui/help.html" 2>/dev/null ||
    echo '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body><h1>This screen is not ready. Please call somebody from the team.</h1><p id="why"></p></body></html>'
}

# Writes the page, whole or not at all. The browser looks at the file again by itself: it has nobody to ask, and no script to ask with.
# A link to a style with `crossorigin` is refused to a page from a file.
write_help() {
  local text language=en template
  if [[ $page =~ [?\&]lang=(de|fr|es|ja|ar)($|[\&#]) ]]; then language="${BASH_REMATCH[1]}"; fi
  text=$(why | head -c 4000 | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g')
  template=$(help_template | sed -e 's/ crossorigin//g' -e "s/<html lang=\"en\"/<html lang=\"$language\"/" \
    -e "s#<head>#<head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src file:; font-src file:\"><meta http-equiv=\"refresh\" content=\"5\"><base href=\"file://$ui/\">#")
  printf '%s\n' "${template/'<p id="why"></p>'/"<p id=\"why\">$text</p>"}" >"$help_page.new" && mv -f "$help_page.new" "$help_page"
}

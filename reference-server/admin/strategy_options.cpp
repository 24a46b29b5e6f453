#include "reference-server/admin/strategy_options.hpp"

#include <algorithm>
#include <string_view>

namespace deskcheck::server::admin {

namespace {

// Read from somewhere else than where a strategy puts its options: appendix A.3. Sorted.
constexpr std::string_view kWithoutEffect[] = {
    "allow-ask-for-note",
    "allow-auto-record-outgoing",
    "allow-command-line-settings-when-settings-disabled",
    "allow-d3d-render",
    "allow-deep-link-password",
    "allow-deep-link-server-settings",
    "allow-hostname-as-id",
    "allow-https-21114",
    "allow-logon-screen-password",
    "allow-remote-cm-modification",
    "avatar",
    "codec-preference",
    "collapse_toolbar",
    "current-ab-name",
    "custom-fps",
    "custom_image_quality",
    "default-connect-password",
    "disable-change-id",
    "disable-change-permanent-password",
    "disable-discovery-panel",
    "disable-floating-window",
    "disable-group-panel",
    "disable-unlock-pin",
    "disable_audio",
    "disable_clipboard",
    "display-name",
    "displays_as_individual_windows",
    "edge-scroll-edge-thickness",
    "enable-check-update",
    "enable-confirm-closing-tabs",
    "enable-file-copy-paste",
    "enable-flutter-http-on-rust",
    "enable-ipv6-punch",
    "enable-open-new-connections-in-tabs",
    "enable-perm-change-in-accept-window",
    "enable-udp-punch",
    "file-transfer-max-files",
    "filter-ab-by-intersection",
    "floating-window-size",
    "floating-window-svg",
    "floating-window-transparency",
    "floating-window-untouchable",
    "follow_remote_cursor",
    "follow_remote_window",
    "hide-general-settings",
    "hide-help-cards",
    "hide-network-settings",
    "hide-powered-by-me",
    "hide-proxy-settings",
    "hide-recording-button",
    "hide-remote-printer-settings",
    "hide-security-settings",
    "hide-server-settings",
    "hide-stop-service",
    "hide-tray",
    "hide-username-on-card",
    "hide-websocket-settings",
    "hideAbTagsPanel",
    "i444",
    "image_quality",
    "keep-awake-during-outgoing-sessions",
    "keep-screen-on",
    "lang",
    "lock_after_session_end",
    "main-window-always-on-top",
    "one-way-clipboard-redirection",
    "one-way-file-transfer",
    "peer-card-ui-type",
    "peer-sorting",
    "peer-tab-index",
    "peer-tab-order",
    "peer-tab-visible",
    "pre-elevate-service",
    "preset-device-group-name",
    "preset-strategy-name",
    "preset-user-name",
    "privacy_mode",
    "proxy-password",
    "proxy-url",
    "proxy-username",
    "register-device",
    "remote-menubar-drag-left",
    "remote-menubar-drag-right",
    "remoteMenubarState",
    "remove-preset-password-warning",
    "reverse_mouse_wheel",
    "scroll_style",
    "show-virtual-joystick",
    "show-virtual-mouse",
    "show_monitors_toolbar",
    "show_quality_monitor",
    "show_remote_cursor",
    "swap-left-right-mouse",
    "sync-ab-tags",
    "sync-ab-with-recent-sessions",
    "sync-init-clipboard",
    "terminal-persistent",
    "theme",
    "touch-mode",
    "trackpad-speed",
    "use-raw-tcp-for-api",
    "use-texture-render",
    "use_all_my_displays_for_the_remote_session",
    "video-save-directory",
    "view_only",
    "view_style",
    "zoom-cursor",
};

// Appendix A.1.
bool is_flag(const std::string& key) {
  return key.starts_with("enable-") || key.starts_with("allow-") || key == "stop-service" ||
         key == "direct-server" || key == "force-always-relay";
}

}  // namespace

std::string mistake_of_option(const std::string& key, const std::string& value) {
  if (std::ranges::binary_search(kWithoutEffect, std::string_view(key)))
    return " has no effect in a strategy; leave it out";
  if (is_flag(key) && value != "Y" && value != "N" && !value.empty())
    return " has to be \"Y\", \"N\" or \"\"";
  return {};
}

}  // namespace deskcheck::server::admin

// The catalogue of what recordings, scripts, downloads and signatures can do wrong.
#include "reference-server/faults/named.hpp"

namespace deskcheck::server {

namespace {

constexpr NamedPolicy kServicePolicies[] = {
    {"record-new-keeps-old", "HTTP-REC-01", &WrongPolicies::record_new_keeps_old,
     "A recording that begins anew keeps what it had."},
    {"record-part-appends", "HTTP-REC-02", &WrongPolicies::record_part_appends,
     "A part of a recording is appended, whatever its offset."},
    {"record-tail-truncates", "HTTP-REC-03", &WrongPolicies::record_tail_truncates,
     "The tail of a recording replaces all of it."},
    {"record-remove-removes-nothing", "HTTP-REC-04", &WrongPolicies::record_remove_removes_nothing,
     "A recording that is removed stays."},
    {"record-failure-is-a-bare-status", "HTTP-REC-05",
     &WrongPolicies::record_failure_is_a_bare_status,
     "A part of a recording that is refused is answered 400 without a body."},
    {"record-success-has-error", "HTTP-REC-06", &WrongPolicies::record_success_has_error,
     "A part of a recording that was taken is answered with an empty error."},
    {"record-needs-token", "HTTP-REC-07", &WrongPolicies::record_needs_token,
     "Recordings are taken only with a token."},
    {"record-needs-content-type", "HTTP-REC-07", &WrongPolicies::record_needs_content_type,
     "Recordings are taken only with a Content-Type."},
    {"record-parts-are-small", "HTTP-REC-08", &WrongPolicies::record_parts_are_small,
     "Parts of recordings of 1 MiB and more are refused."},
    {"record-takes-paths", "HTTP-REC-09", &WrongPolicies::record_takes_paths,
     "The name of a recording may be a path."},
    {"record-without-tail-is-lost", "HTTP-REC-10", &WrongPolicies::record_without_tail_is_lost,
     "A recording without a tail is not kept."},
    {"download-head-is-refused", "HTTP-DLH-01", &WrongPolicies::download_head_is_refused,
     "HEAD of a download is answered 405."},
    {"download-head-has-no-length", "HTTP-DLH-02", &WrongPolicies::download_head_has_no_length,
     "HEAD of a download does not tell its length."},
    {"download-is-cut", "HTTP-DLG-01", &WrongPolicies::download_is_cut,
     "A download is a byte shorter than HEAD says."},
    {"missing-download-has-a-head", "HTTP-DLG-01", &WrongPolicies::missing_download_has_a_head,
     "HEAD of a download that is not there is answered 200."},
    {"download-needs-token", "HTTP-DLG-02", &WrongPolicies::download_needs_token,
     "Downloads are served only with a token."},
    {"signed-msg-is-base64", "HTTP-PLUG-01", &WrongPolicies::signed_msg_is_base64,
     "What is signed for a plug-in is a text in base64."},
    {"signed-msg-comes-alone", "HTTP-PLUG-02", &WrongPolicies::signed_msg_comes_alone,
     "What is signed for a plug-in is answered without an object around it."},
    {"plugin-sign-is-below-api", "HTTP-PLUG-03", &WrongPolicies::plugin_sign_is_below_api,
     "Plug-ins are signed for at another path."},
    {"plugin-sign-needs-token", "HTTP-PLUG-04", &WrongPolicies::plugin_sign_needs_token,
     "Plug-ins are signed for only with a token."},
    {"switch-answer-is-text", "HTTP-SWG-01", &WrongPolicies::switch_answer_is_text,
     "Whether a grant to switch sides is accepted is a text."},
    {"switch-refusal-hides-time", "HTTP-SWG-02", &WrongPolicies::switch_refusal_hides_time,
     "A grant of another time is refused without the time of the server."},
    {"switch-refusal-always-has-time", "HTTP-SWG-02",
     &WrongPolicies::switch_refusal_always_has_time,
     "A grant with a wrong signature is refused with the time of the server."},
    {"switch-signature-is-not-checked", "HTTP-SWG-03",
     &WrongPolicies::switch_signature_is_not_checked,
     "A grant to switch sides is accepted whoever signed it."},
    {"switch-code-opens-for-ever", "HTTP-SWG-04", &WrongPolicies::switch_code_opens_for_ever,
     "A code to switch sides lets everybody pass, again and again."},
    {"switch-code-opens-nothing", "HTTP-SWG-04", &WrongPolicies::switch_code_opens_nothing,
     "A code to switch sides lets nobody pass."},
};

}  // namespace

std::span<const NamedPolicy> service_policies() { return kServicePolicies; }

}  // namespace deskcheck::server

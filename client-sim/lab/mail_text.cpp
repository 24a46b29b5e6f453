#include "client-sim/lab/mail_text.hpp"

#include <algorithm>

namespace deskcheck::sim {

namespace {

constexpr int kDeepest = 5;  // parts within parts

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

struct Part {
  std::string type, boundary, encoding;
  std::string body;

  Part() = default;
};

// The value of a field of the header as it stands there; empty if there is none.
std::string field(std::string_view header, std::string_view name) {
  std::string value;
  bool found = false;
  while (!header.empty()) {
    const auto end = std::min(header.find('\n'), header.size());
    const auto line = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (found && !folded) break;
    if (found) value += line;
    if (!folded && lower(line).starts_with(std::string(name) + ':')) {
      found = true;
      value = line.substr(name.size() + 1);
    }
  }
  return value;
}

std::string parameter(const std::string& value, std::string_view name) {
  const auto at = lower(value).find(std::string(name) + '=');
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(value).substr(at + name.size() + 1);
  if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
  return std::string(rest.substr(0, rest.find_first_of("; \t")));
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return std::string(text.substr(0, text.find_first_of("; \t")));
}

// A text without a header is a body.
Part part_of(std::string_view text) {
  Part part;
  const auto gap = text.starts_with('\n') ? 0 : text.find("\n\n");
  const auto first = text.substr(0, text.find('\n'));
  const bool has_header =
      gap != text.npos && (gap == 0 || first.find(": ") != first.npos || first.ends_with(':'));
  if (!has_header) {
    part.body = text;
    return part;
  }
  const auto header = text.substr(0, gap);
  const std::string type = field(header, "content-type");
  part.type = lower(trimmed(type));
  part.boundary = parameter(type, "boundary");
  part.encoding = lower(trimmed(field(header, "content-transfer-encoding")));
  part.body = text.substr(gap == 0 ? 1 : gap + 2);
  return part;
}

int digit64(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::string from_base64(std::string_view text) {
  std::string bytes;
  unsigned pending = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = digit64(c);
    if (digit < 0) continue;
    pending = (pending << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 0xff);
  }
  return bytes;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string from_quoted_printable(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
    } else if (text[i] == '=' && i + 2 < text.size() && hex(text[i + 1]) >= 0 &&
               hex(text[i + 2]) >= 0) {
      bytes += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

// Of a page, what is between its tags; what browsers do not show is left out.
std::string without_markup(std::string_view page) {
  std::string text;
  const std::string low = lower(page);
  for (std::size_t i = 0; i < page.size();) {
    if (page[i] != '<') {
      text += page[i++];
      continue;
    }
    std::size_t end = page.find('>', i);
    for (const std::string_view hidden : {"style", "script", "title"})
      if (low.compare(i + 1, hidden.size(), hidden) == 0)
        end = page.find('>', low.find("</" + std::string(hidden), i));
    if (end == page.npos) break;
    text += ' ';
    i = end + 1;
  }
  return text;
}

// The text of this kind in the part or in one inside it; empty if there is none.
std::string text_of_kind(const Part& part, std::string_view kind, int depth) {
  if (part.type.starts_with("multipart/") && !part.boundary.empty() && depth < kDeepest) {
    const std::string mark = "--" + part.boundary;
    for (auto at = part.body.find(mark); at != std::string::npos;) {
      const auto begin = part.body.find('\n', at);
      const auto end = part.body.find(mark, at + mark.size());
      if (begin == std::string::npos || end == std::string::npos) break;
      const auto inner = part_of(std::string_view(part.body).substr(begin + 1, end - begin - 1));
      const auto text = text_of_kind(inner, kind, depth + 1);
      if (!text.empty()) return text;
      at = end;
    }
    return {};
  }
  if ((part.type.empty() ? "text/plain" : part.type) != kind) return {};
  if (part.encoding == "base64") return from_base64(part.body);
  if (part.encoding == "quoted-printable") return from_quoted_printable(part.body);
  return part.body;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Not so letters of other scripts, which may stand right before and behind a number.
bool is_of_a_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '#' || c == '&';
}

}  // namespace

std::string readable_text(std::string_view mail) {
  const Part part = part_of(mail);
  auto plain = text_of_kind(part, "text/plain", 0);
  if (!plain.empty()) return plain;
  const auto page = text_of_kind(part, "text/html", 0);
  return page.empty() ? part.body : without_markup(page);
}

std::string code_in_text(std::string_view text) {
  constexpr std::size_t kDigits = 6;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    std::size_t end = i;
    while (end < text.size() && is_digit(text[end])) ++end;
    const bool before = i > 0 && is_of_a_word(text[i - 1]);
    const bool behind = end < text.size() && is_of_a_word(text[end]);
    if (end - i == kDigits && !before && !behind) return std::string(text.substr(i, kDigits));
    i = end;
  }
  return {};
}

}  // namespace deskcheck::sim

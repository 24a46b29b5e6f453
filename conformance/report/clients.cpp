#include "conformance/report/clients.hpp"

#include "conformance/registry/client_releases.hpp"

namespace deskcheck::conformance {

std::vector<ClientSpan> client_spans(const RunReport& report, const Registry& registry,
                                     Level level) {
  const auto failing = failing_requirements(report);
  std::vector<ClientSpan> spans;
  for (std::size_t release = 0; release < client_releases().size(); ++release) {
    ClientSpan span;
    span.first = span.last = name_of_release(release);
    for (const auto& id : failing) {
      const auto* requirement = registry.find(id);
      if (!requirement || requirement->level > level) continue;
      if (!concerns(*requirement, release)) continue;
      if (requirement->level == Level::must) span.must.push_back(id);
      if (requirement->level == Level::should) span.should.push_back(id);
    }
    if (!spans.empty() && spans.back().must == span.must && spans.back().should == span.should)
      spans.back().last = span.last;
    else
      spans.push_back(std::move(span));
  }
  return spans;
}

std::string to_text(const ClientSpan& span) {
  return span.first == span.last ? span.first : span.first + " to " + span.last;
}

}  // namespace deskcheck::conformance

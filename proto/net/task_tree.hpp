// Names of running tasks, as a tree: which task started which. For reports only; it owns nothing
// and decides nothing.
#pragma once

#include <boost/intrusive/list.hpp>

#include <string>

namespace deskcheck::net {

class TaskNode : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // `parent` may be null. A node without a name is left out of paths: a group between two tasks.
  explicit TaskNode(std::string name, TaskNode* parent = nullptr)
      : name_(std::move(name)), parent_(parent) {
    if (parent_) parent_->children_.push_back(*this);
  }
  TaskNode(const TaskNode&) = delete;
  TaskNode& operator=(const TaskNode&) = delete;
  // Nodes below move up: a group may outlive the task that made it.
  ~TaskNode() {
    while (!children_.empty()) {
      TaskNode& child = children_.front();
      children_.pop_front();
      child.parent_ = parent_;
      if (parent_) parent_->children_.push_back(child);
    }
  }

  const std::string& name() const { return name_; }
  bool named() const { return !name_.empty(); }
  // "scenario / server / udp"
  std::string path() const {
    const std::string above = parent_ ? parent_->path() : std::string();
    if (!named()) return above;
    return above.empty() ? name_ : above + " / " + name_;
  }
  using Children = boost::intrusive::list<TaskNode, boost::intrusive::constant_time_size<false>>;
  const Children& children() const { return children_; }

 private:
  std::string name_;
  TaskNode* parent_;
  Children children_;
};

}  // namespace deskcheck::net

// Which temporaries inside a co_await expression does this compiler get wrong?
//
// g++ 12 copies the bytes of some of them into the coroutine frame without a move: an object then
// sits at an address that its constructor never saw, and is destroyed twice or never. It happens at
// every optimisation level; clang 14 and 19 are right. With a std::string it shows as a bad free,
// with a short string or a small object often as nothing at all, for a while.
//
//   coroutine_temporaries          one line per form, "ok" or "BROKEN"; exit code 1 if a form that
//   the
//                                  house style allows is broken
//   coroutine_temporaries NAME     that form only, in this process; exit code 1 if it is broken
//
// Each form runs in its own process, since a miscompiled one may crash. The forms that the house
// style forbids are run too, to show whether the rule is still needed: ci/lint_coroutines.py
// enforces it.

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Count {
  int live = 0;           // objects constructed and not destroyed
  int moved_bitwise = 0;  // objects destroyed at another address than they were constructed at
};
Count count;  // of this process, which runs one form

// An object with a destructor, which knows its own address.
struct Tracked {
  Tracked() : self(this) { ++count.live; }
  explicit(false) Tracked(int) : self(this) { ++count.live; }
  Tracked(const Tracked&) : self(this) { ++count.live; }
  Tracked(Tracked&&) noexcept : self(this) { ++count.live; }
  Tracked& operator=(const Tracked&) { return *this; }
  ~Tracked() {
    --count.live;
    if (self != this) ++count.moved_bitwise;
  }
  Tracked* self;
};
struct Aggregate {
  Tracked t;
};
struct WithDefault {
  Tracked t;
  int n = 0;
};
class Constructed {
 public:
  explicit Constructed(Tracked t) : t_(std::move(t)) {}

 private:
  Tracked t_;
};
using Variant = std::variant<Aggregate, int>;

// The smallest awaitable coroutine.
struct Task {
  struct promise_type {
    std::coroutine_handle<> waiter;
    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        return ended.promise().waiter ? ended.promise().waiter : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
    void return_value(int) {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit Task(std::coroutine_handle<promise_type> handle) : h(handle) {}
  Task(Task&& other) noexcept : h(std::exchange(other.h, nullptr)) {}
  ~Task() {
    if (h) h.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    h.promise().waiter = caller;
    return h;
  }
  int await_resume() { return 1; }
  std::coroutine_handle<promise_type> h;
};

Task by_value(Tracked) { co_return 1; }
Task by_ref(const Tracked&) { co_return 1; }
Task aggregate(Aggregate) { co_return 1; }
Task aggregate_ref(const Aggregate&) { co_return 1; }
Task with_default(WithDefault) { co_return 1; }
Task constructed(Constructed) { co_return 1; }
Task variant(Variant) { co_return 1; }
template <class F>
Task call(F f) {
  f();
  co_return 1;
}
Task function(std::function<void()> f) {
  f();
  co_return 1;
}
Task optional(std::optional<Tracked>) { co_return 1; }
Tracked make() { return {}; }
Aggregate make_aggregate() { return {}; }
bool yes() { return true; }
void use(int) {}

enum class Style { allowed, forbidden };
struct Form {
  const char* name;
  Style style;
  Task (*run)();
};

// A lambda without captures per form: the coroutine's text is the form. `t` and `a` stand for what
// the caller already has.
const Form kForms[] = {
    {"value_temporary", Style::allowed, []() -> Task { co_return co_await by_value(Tracked()); }},
    {"value_converted", Style::allowed, []() -> Task { co_return co_await by_value(1); }},
    {"value_from_function", Style::allowed, []() -> Task { co_return co_await by_value(make()); }},
    {"reference_to_temporary", Style::allowed,
     []() -> Task { co_return co_await by_ref(Tracked()); }},
    {"aggregate_from_function", Style::allowed,
     []() -> Task { co_return co_await aggregate(make_aggregate()); }},
    {"aggregate_named_move", Style::allowed,
     []() -> Task {
       Aggregate a;
       co_return co_await aggregate(std::move(a));
     }},
    {"aggregate_named_copy", Style::allowed,
     []() -> Task {
       Aggregate a;
       co_return co_await aggregate(a);
     }},
    {"constructor_call", Style::allowed,
     []() -> Task {
       Tracked t;
       co_return co_await constructed(Constructed(t));
     }},
    {"variant_named", Style::allowed,
     []() -> Task {
       Aggregate a;
       Variant v(a);
       co_return co_await variant(std::move(v));
     }},
    {"lambda_named", Style::allowed,
     []() -> Task {
       Tracked t;
       const auto f = [t] {};
       co_return co_await call(f);
     }},
    {"lambda_named_as_function", Style::allowed,
     []() -> Task {
       Tracked t;
       const auto f = [t] {};
       co_return co_await function(f);
     }},
    {"optional_from_value", Style::allowed,
     []() -> Task {
       Tracked t;
       co_return co_await optional(t);
     }},
    {"in_an_if_initialiser", Style::allowed,
     []() -> Task {
       if (int n = co_await by_value(Tracked()); n) co_return n;
       co_return 0;
     }},
    {"as_an_argument", Style::allowed,
     []() -> Task {
       Tracked t;
       use(co_await by_value(t));
       co_return 1;
     }},
    {"task_named_first", Style::allowed,
     []() -> Task {
       Tracked t;
       Aggregate a(t);
       auto task = aggregate(std::move(a));
       co_return co_await std::move(task);
     }},
    {"aggregate_braces", Style::forbidden,
     []() -> Task { co_return co_await aggregate(Aggregate{Tracked()}); }},
    {"aggregate_braces_copy", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await aggregate(Aggregate{t});
     }},
    {"aggregate_bare_braces", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await aggregate({t});
     }},
    {"aggregate_reference_braces", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await aggregate_ref(Aggregate{t});
     }},
    {"default_member_braces", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await with_default(WithDefault{t});
     }},
    {"constructor_braces", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await constructed(Constructed{t});
     }},
    {"variant_from_braces", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await variant(Aggregate{t});
     }},
    {"lambda_with_capture", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await call([t] {});
     }},
    {"lambda_with_initialised_capture", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await call([x = t] {});
     }},
    {"function_from_lambda", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await function([t] {});
     }},
    {"ternary", Style::forbidden,
     []() -> Task {
       Tracked t;
       co_return co_await (yes() ? by_value(Tracked()) : by_value(t));
     }},
    {"braces_in_an_if_condition", Style::forbidden,
     []() -> Task {
       Tracked t;
       if (co_await aggregate(Aggregate{t})) co_return 1;
       co_return 0;
     }},
    {"inside_a_braced_initialiser", Style::forbidden,
     []() -> Task {
       Tracked t;
       Aggregate b{(co_await by_value(t), Tracked())};
       co_return b.t.self != nullptr;
     }},
};

bool is_right(const Form& form) {
  {
    Task task = form.run();
    task.h.resume();
  }
  return count.live == 0 && count.moved_bitwise == 0;
}

bool is_right_in_a_child(const Form& form) {
  const pid_t child = ::fork();
  if (child < 0) std::abort();
  if (child == 0) {
    std::fclose(stderr);  // what a sanitizer says of a forbidden form would look like a failure
    std::_Exit(is_right(form) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  int broken_rules = 0;
  for (const Form& form : kForms) {
    if (argc > 1) {
      if (std::string_view(argv[1]) == form.name) return is_right(form) ? 0 : 1;
      continue;
    }
    const bool right = is_right_in_a_child(form);
    const bool allowed = form.style == Style::allowed;
    std::printf("%-9s  %-32s %s\n", allowed ? "allowed" : "forbidden", form.name,
                right ? "ok" : "BROKEN");
    std::fflush(stdout);
    if (allowed && !right) ++broken_rules;
  }
  if (argc > 1) {
    std::fprintf(stderr, "no such form: %s\n", argv[1]);
    return 2;
  }
  return broken_rules == 0 ? 0 : 1;
}

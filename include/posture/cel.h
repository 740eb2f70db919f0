// SPDX-License-Identifier: Apache-2.0
// The Common Expression Language as Kubernetes speaks it (cel-go in the environment of ValidatingAdmissionPolicy):
// declare an Environment, compile text once, evaluate the Program over borrowed values from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posture/cel_access.h"
#include "posture/value.h"

namespace posture::cel {

enum class TypeKind : std::uint8_t {
  dyn,
  null,
  boolean,
  integer,
  uinteger,
  real,
  string,
  bytes,
  list,
  map,
  timestamp,
  duration,
  type,
  optional,
  quantity,
  error,
  ip,
  cidr,
  url,
  semver,
  format,
  authorizer,
  path_check,
  group_check,
  resource_check,
  decision
};

/// A static type: `parameters` holds the element type of list and optional, key and value type of map.
struct Type {
  TypeKind kind = TypeKind::dyn;
  std::vector<Type> parameters = {};
  friend bool operator==(const Type&, const Type&) = default;
};
std::string to_string(
    const Type& type);  ///< as Kubernetes prints it: `list(string)`, `map(string, dyn)`, `optional_type(int)`

class Datum;

/// Memory of one evaluation and of everything it returns; one per thread. `reset()` frees all data made since the last one.
class Scratch {
 public:
  explicit Scratch(std::size_t block_bytes = 16 * 1024);  ///< how much it asks the system for at a time
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  void reset();
  std::string_view keep(std::string_view text);  ///< a copy that lives until reset
  struct Memory;
  Memory& memory() { return *memory_; }

 private:
  std::unique_ptr<Memory> memory_;
};

/// The result of an evaluation: a value, an optional, or an error. Trivially copyable; borrows from the Scratch and from the
/// values that went in. A JSON list, map, string, number, bool or null stays a view of the node it came from.
class Datum {
 public:
  static Datum null();
  static Datum boolean(bool value);
  static Datum integer(std::int64_t value);
  static Datum uinteger(std::uint64_t value);
  static Datum real(double value);
  static Datum string(std::string_view borrowed);
  static Datum json(posture::Value value);  ///< precondition: present
  static Datum none();  ///< optional.none()
  static Datum some(Datum value, Scratch& scratch);
  /// For a variable `authorizer` of type authorizer; its checks ask Host::authorize.
  static Datum authorizer(Scratch& scratch);
  /// For a variable `authorizer.requestResource` of type resource_check: the resource that `question` names.
  static Datum resource_check(const AccessQuestion& question, Scratch& scratch);
  /// Evaluation failed (no such key, overflow, …). `message` must live as long as the Scratch.
  static Datum error(std::string_view message);
  /// The answer rests on something that was not read. Behaves like an error in every operator; `reason` says what is missing.
  static Datum unknown(std::string_view reason);

  TypeKind kind() const;  ///< `error` for both error and unknown
  bool is_error() const { return kind() == TypeKind::error; }
  bool is_unknown() const;
  bool is_true() const;
  bool is_false() const;
  std::string_view text() const;  ///< of a string, or the message of an error or unknown; else empty
  std::int64_t integer() const;  ///< of an int, else 0
  double real() const;  ///< of a double, else 0
  bool has_value() const;  ///< of an optional
  Datum value(Scratch& scratch) const;  ///< inside an optional
  /// As JSON text for reports (maps in document order; timestamps RFC 3339; bytes base64); errors as their message, quoted.
  std::string to_json(Scratch& scratch) const;

  struct Payload {  // private to src/cel
    std::uint8_t tag = 0;
    std::int16_t zone = 0;  // of a timestamp: minutes east of UTC; of a key from JSON: which reading it is
    std::uint32_t size = 0;
    union {
      std::int64_t integer = 0;
      std::uint64_t uinteger;
      double real;
      const char* text;
      const void* pointer;
    };
  };
  Payload payload;
};

/// A variable of the caller. The name may be qualified (`variables.podSpec`, `facts.serviceAccount.automountToken`): selecting an
/// undeclared name under a declared qualifier is a compile error.
struct VariableDeclaration {
  std::string name;
  Type type;
  bool is_field = false;  ///< to Kubernetes it is a field of what stands before the last dot, which costs a selection
};

/// A function of the caller, called by its (possibly qualified) name: `apiserver.flag(string) -> optional_type(string)`.
struct FunctionDeclaration {
  std::string name;
  std::vector<Type> parameters;
  Type result;
};

/// What an expression may name beyond the language and Kubernetes' libraries. Indexes are those of declaration.
struct Environment {
  std::vector<VariableDeclaration> variables;
  std::vector<FunctionDeclaration> functions;
};

/// Answers for the environment's declarations during one evaluation. A variable is asked for at most once per evaluation and only
/// when its value is needed.
class Host {
 public:
  virtual ~Host() = default;
  virtual Datum variable(std::size_t index, Scratch& scratch) = 0;
  virtual Datum call(std::size_t function, std::span<const Datum> arguments, Scratch& scratch) = 0;
  /// Decides for `authorizer.….check(verb)`. Unless overridden, the answer is unknown.
  virtual AccessDecision authorize(const AccessQuestion& question, Scratch& scratch);
};

/// A compile error: byte offset, 1-based line and column (code points), and Kubernetes-like message.
struct Problem {
  std::size_t offset = 0;
  std::size_t line = 1;
  std::size_t column = 1;
  std::string message;
};
/// The problem as text: `message`, then the line of the source and a caret under the column.
std::string describe(const Problem& problem, std::string_view source);

/// A maximal chain of constant selects on one variable, as written: `container.?securityContext.?privileged` is
/// {variable of `container`, {"securityContext", "privileged"}}.
struct FieldPath {
  std::size_t variable = 0;
  std::vector<std::string> fields;
  friend bool operator==(const FieldPath&, const FieldPath&) = default;
};

/// Whether a program knows which part of its text is at work; one that does is slower.
enum class Places : std::uint8_t { dropped, kept };

/// How an evaluation went.
struct Course {
  std::uint64_t cost = 0;  ///< units that it was charged
  std::optional<std::size_t> failed_at;  ///< offset in the text of what failed; only where places are kept
};

/// A compiled, checked, immutable expression. Cheap to move; const use from several threads at once is safe.
class Program {
 public:
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  /// Never throws on account of the data; an evaluation error is a Datum. Bounded by cost (1,000,000 units, counted like Kubernetes') and memory.
  Datum evaluate(Host& host, Scratch& scratch) const;
  /// The same; `course` receives what it took.
  Datum evaluate(Host& host, Scratch& scratch, Course& course) const;
  const Type& type() const;
  /// Indexes of the declared variables and functions the text mentions, ascending.
  const std::vector<std::size_t>& variables() const;
  const std::vector<std::size_t>& functions() const;
  /// Constant first arguments of calls to the caller's functions, as (function, text): which flags a check asks for.
  const std::vector<std::pair<std::size_t, std::string>>& constant_arguments() const;
  /// Each distinct field path in the order of the text.
  const std::vector<FieldPath>& field_paths() const;

  struct Code;
  explicit Program(std::unique_ptr<const Code> code);

 private:
  std::unique_ptr<const Code> code_;
};

/// Either `program` or at least one problem.
struct Compilation {
  std::unique_ptr<Program> program;
  std::vector<Problem> problems;
};
/// Parses and type-checks. The result type must be `expected` exactly (dyn accepts any), as the API server demands of a validation.
Compilation compile(const Environment& environment, std::string_view source, const Type& expected,
                    Places places = Places::dropped);
/// The problem `message` at an offset of a text.
Problem problem_at(std::size_t offset, std::string message, std::string_view source);

/// A select of a field, followed through macros: `p.?hostPort` in `container.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)`
/// is {variable of `container`, {"ports", kElement, "hostPort"}}.
inline constexpr const char* kElement = "[]";
struct FieldUse {
  FieldPath path;
  std::size_t offset = 0;  ///< of the last field's name
  bool optional = false;  ///< `.?`, under has() or before `in`: the field need not be there
  bool membership = false;  ///< before `in`: a field where the data is a map, an element where it is a list
};
/// All of a text, in its order; none of a text that does not compile.
std::vector<FieldUse> field_uses(const Environment& environment, std::string_view source);

}  // namespace posture::cel

import Foundation
import LingerDiagnostics
import LingerModel
import LingerSema
import LingerTestSupport
import Testing

/// Specs rewritten in the spelling of other languages: every fix-it together gives them back.
@Suite("habits of other languages") struct HabitTests {
  /// A way to write something that is written otherwise here.
  struct Habit: Sendable, CustomTestStringConvertible {
    var name: String
    /// A regular expression over one line without its comment, and what takes its place.
    var pattern: String
    var template: String
    var testDescription: String { name }

    init(_ name: String, _ pattern: String, _ template: String) {
      self.name = name
      self.pattern = pattern
      self.template = template
    }
  }

  static let habits = [
    Habit("TLA+ and", "&&", #"/\\"#), Habit("TLA+ or", #"\|\|"#, #"\\/"#),
    Habit("single and", "&&", "&"), Habit("single or", #"\|\|"#, "|"),
    Habit("word and", "&&", "and"), Habit("word or", #"\|\|"#, "or"),
    Habit("TLA+ unequal", "!=", "#"), Habit("Haskell unequal", "!=", "/="),
    Habit("Basic unequal", "!=", "<>"), Habit("Lua unequal", "!=", "~="),
    Habit("TLA+ at most", "<=", "=<"), Habit("sign at most", "<=", "≤"),
    Habit("identical", " == ", " === "), Habit("double arrow", " implies ", " => "),
    Habit("arrow", " implies ", " -> "), Habit("forall", "for all ", "forall "),
    Habit("TLA+ all", "for all ", #"\\A "#), Habit("sign all", "for all ", "∀ "),
    Habit("for", "for all ", "for "), Habit("every", "for all ", "for every "),
    Habit("all", "for all ", "all "), Habit("TLA+ exists", "exists ", #"\\E "#),
    Habit("TLA+ in", #"for all (\w+) in "#, #"for all $1 \\in "#),
    Habit("bar", #"(all|exists) (\w+) in (\w+):"#, "$1 $2 in $3 |"),
    Habit("colon and bar", #"(for all|exists) (\w+) in (\w+):"#, "$1 $2: $3 |"),
    Habit("increment", #"([a-z]\w*) \+= 1\b"#, "$1++"),
    Habit("decrement", #"([a-z]\w*) -= 1\b"#, "$1--"),
    Habit("multiply into", #"^(\s{4,})(\w+) = \2 \* (\w+)$"#, "$1$2 *= $3"),
    Habit("colon equals", " = ", " := "), Habit("prime", #"^(\s{4,})(\w+) = "#, "$1$2' = "),
    Habit("milliseconds", #"\b(\d+) ms\b"#, "$1 msec"), Habit("seconds", #"\b(\d+) s\b"#, "$1 sec"),
    Habit("tight seconds", #"\b(\d+) s\b"#, "$1sec"),
    Habit("minutes", #"\b(\d+) min\b"#, "$1 mins"),
    Habit("C true", #"^((?!.*var \w+ =).*) true\b"#, "$1 TRUE"),
    Habit("null", #"\bnil\b"#, "null"), Habit("two points", #"\.\.\."#, ".."),
    Habit("Rust range", #"\.\.\."#, "..="), Habit("word not", #"([\s(])!(\w)"#, "$1not $2"),
    Habit("TLA+ not", #"([\s(])!(\w)"#, "$1~$2"),
    Habit("word not group", #"([\s(])!\("#, "$1not ("),
    Habit("bool", #"^(\s*)var (\w+): Bool\b"#, "$1bool $2"),
    Habit("Rust variable", #"^(\s*)var (\w+:)"#, "$1let mut $2"),
    Habit("no braces", #"^(invariant|cover|possible) (\w+) \{ (.*) \}$"#, "$1 $2: $3"),
    Habit("elif", #"\} else if "#, "} elif "), Habit("func", #"^(\s*)let (\w+\()"#, "$1func $2"),
    Habit("Rust function", #"^(\s*)let (\w+\()"#, "$1fn $2"), Habit("mod", " % ", " mod "),
    Habit("guard arrow", #" when (.*) \{$"#, " when $1 -> {"), Habit("this", #"\bself\b"#, "this"),
    Habit("case", #"^enum (\w+) \{ (\w)"#, "enum $1 { case $2"),
  ]

  /// A text with a habit in the lines that `isChosen`; nil where the text shows it nowhere.
  private func rewrite(_ text: String, _ habit: Habit, _ isChosen: (Int) -> Bool) throws -> String?
  {
    let expression = try NSRegularExpression(pattern: habit.pattern)
    var lines = text.components(separatedBy: "\n")
    var isChanged = false
    for (number, line) in lines.enumerated() where isChosen(number) && !line.contains("\"") {
      let code = line.components(separatedBy: "//")[0]
      let range = NSRange(code.startIndex..., in: code)
      let changed = expression.stringByReplacingMatches(
        in: code,
        range: range,
        withTemplate: habit.template
      )
      if changed == code { continue }
      isChanged = true
      lines[number] = changed + line.dropFirst(code.count)
    }
    return isChanged ? lines.joined(separator: "\n") : nil
  }

  private func compile(_ path: String, as text: [UInt8]) -> Compilation {
    LingerSema.compile(path: path, options: CompileOptions()) { asked in
      asked == path ? .success(text) : SpecLibrary.read(asked)
    }
  }

  @Test("fix-its give every spec back its meaning", arguments: SpecLibrary.paths())
  func fixIts(path: String) throws {
    guard case .success(let bytes) = SpecLibrary.read(path) else { return }
    let seeds = Seeds(for: "habits")
    var mutator = Mutator(seed: seeds.seed(path.utf8.count))
    let text = String(decoding: bytes, as: UTF8.self)
    let original = try #require(compile(path, as: bytes).model)
    // A few habits for each spec in each run; all specs together show all of them.
    for _ in 0..<4 {
      let habit = Self.habits[mutator.below(Self.habits.count)]
      let isEverywhere = mutator.below(2) == 0
      let line = mutator.below(max(1, text.count { $0 == "\n" }))
      let rewritten =
        try (isEverywhere ? nil : rewrite(text, habit) { $0 >= line && $0 < line + 20 })
        ?? rewrite(text, habit) { _ in true }
      guard let rewritten else { continue }
      try checkRepair(of: rewritten, at: path, to: original, habit)
    }
  }

  @Test("each habit is mended in some spec", arguments: habits)
  func everyHabit(habit: Habit) throws {
    var shown = 0
    for path in SpecLibrary.paths() + [Self.gatheringPath] where shown < 2 {
      let bytes: [UInt8]
      if path == Self.gatheringPath {
        bytes = Array(Self.gathering.utf8)
      } else {
        guard case .success(let read) = SpecLibrary.read(path) else { continue }
        bytes = read
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let rewritten = try rewrite(text, habit, { _ in true }) else { continue }
      let original = try #require(compile(path, as: bytes).model)
      try checkRepair(of: rewritten, at: path, to: original, habit)
      shown += 1
    }
    #expect(shown > 0, "no spec has what '\(habit.name)' rewrites")
  }

  private func checkRepair(
    of rewritten: String,
    at path: String,
    to original: Model,
    _ habit: Habit
  ) throws {
    let bytes = Array(rewritten.utf8)
    let broken = compile(path, as: bytes)
    let about = "\(habit.name) in \(path)"
    #expect(broken.diagnostics.hasErrors, "\(about) is not an error")
    for found in broken.diagnostics where found.severity == .error {
      #expect(found.fixIts.count == 1, "\(about): \(describeDiagnostics(broken))")
    }
    let file = try #require(broken.sources.files.firstIndex { $0.name == path })
    let repaired = Diagnostic.FixIt.apply(
      broken.diagnostics.compactMap(\.fixIts.first),
      to: bytes,
      file: file
    )
    let after = compile(path, as: repaired)
    #expect(!after.diagnostics.hasErrors, "\(about): \(describeDiagnostics(after))")
    guard let model = after.model else { return }
    #expect(dump(model) == dump(original), "\(about) has another meaning")
  }

  private static let gatheringPath = "gathering.linger"

  /// What the library's specs do not show.
  private static let gathering = """
    protocol Gathering
    enum Phase { ONE, TWO }
    parameter pause: Duration = 100 ms
    parameter rest: Duration = 2 min
    let double(n: 0...4) -> 0...8 = 2 * n
    role R {
      var n: 0...8
      var other: (0...8)?
      var isOn: Bool = false
      var phase: Phase
      transition go on internal when n % 2 == 0 && !(isOn || n > 6) {
        if n == 0 { n += 1 } else if isOn { n -= 1 } else { isOn = true }
        n = n * 2
        other = nil
      }
      transition mine on internal when exists p in R: p == self { n = 0 }
    }
    instances a, b: R
    invariant some { exists p in R: p.n != 3 || !p.isOn }
    invariant every { for all p in R: p.isOn implies p.n <= 8 }
    """

  @Test("a timer that is not declared is one error, and its fix-it declares it")
  func missingTimers() throws {
    var count = 0
    for path in SpecLibrary.paths() {
      guard case .success(let bytes) = SpecLibrary.read(path) else { continue }
      var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
      let timers = lines.indices.filter { lines[$0].hasPrefix("  timer ") }
      guard timers.count == 1 else { continue }
      lines.remove(at: timers[0])
      let damaged = Array(lines.joined(separator: "\n").utf8)
      let broken = compile(path, as: damaged)
      let errors = broken.diagnostics.filter { $0.severity == .error }
      #expect(errors.map(\.code) == [.unknownTimer], "\(path): \(describeDiagnostics(broken))")
      let file = try #require(broken.sources.files.firstIndex { $0.name == path })
      let repaired = Diagnostic.FixIt.apply(errors.flatMap(\.fixIts), to: damaged, file: file)
      let after = compile(path, as: repaired)
      #expect(!after.diagnostics.hasErrors, "\(path): \(describeDiagnostics(after))")
      count += 1
    }
    #expect(count > 2)
  }
}

/// One thing that a run of the program has to say, the same for every command: what became of a
/// property, of a check of the audit, of an obligation of a proof, or a diagnostic.
///
/// Formats for other tools are made of findings alone, so that a new command has them all.
struct Finding: Sendable {
  enum Outcome: Sendable {
    case holds
    case violated
    case unknown
    /// Somebody did not want it.
    case notAsked
    /// Looks like a mistake, and changes no verdict.
    case warning
    /// Was found, and does not count.
    case note
    /// A file has errors, or cannot be read.
    case invalid
    /// Linger contradicts itself.
    case internalError
  }

  /// What shows it: for a violation its run, if it has one.
  struct Evidence: Sendable {
    var message: String
    var place: SourcePlace?
    var run: ShownRun?
  }

  /// A repair: texts that replace places, and what that does in words.
  struct Fix: Sendable {
    var message: String
    var edits: [(place: SourcePlace, replacement: String)]
  }

  var rule: FindingRule
  /// What it is about, in a few words: `invariant inOrder`.
  var title: String
  var outcome: Outcome
  /// One sentence: why.
  var message: String
  var place: SourcePlace?
  /// Further sentences.
  var remarks: [String] = []
  /// Places that have to do with it.
  var related: [(message: String, place: SourcePlace)] = []
  /// What shows it, the shortest run first; none where there is nothing to show.
  var evidence: [Evidence] = []
  var fixes: [Fix] = []
  /// The message laid out for a terminal, where it is more than that.
  var detail: String?

  /// Whether the title is a name for what was asked; of others only the message says what they are.
  var isQuestion: Bool {
    switch outcome {
    case .holds, .violated, .unknown, .notAsked: true
    case .warning, .note, .invalid, .internalError: false
    }
  }

  /// What is wrong with the run of the program as a whole, and with none of its inputs in
  /// particular.
  var isAboutProgram: Bool { outcome == .internalError || rule == .input }
}

/// The findings on one input.
struct FindingGroup: Sendable {
  /// The protocol's name, or the path of a file that has none.
  var name: String
  /// The path as the user gave it; `-` for standard input and where there is none.
  var path: String
  /// What is to be said where nothing is wrong and nothing unknown: `everything holds`.
  var allIsWell: String
  var findings: [Finding]

  /// `Ping: 1 violated, 2 unknown, 5 hold`.
  var summary: String {
    func count(_ outcome: Finding.Outcome) -> Int { findings.count { $0.outcome == outcome } }
    var parts: [String] = []
    let errors = count(.invalid) + count(.internalError)
    if errors > 0 { parts.append(LingerReport.count(errors, "error")) }
    if count(.violated) > 0 { parts.append("\(count(.violated)) violated") }
    if count(.unknown) > 0 { parts.append("\(count(.unknown)) unknown") }
    if parts.isEmpty { return "\(name): \(allIsWell)" }
    let holds = count(.holds)
    if holds > 0 { parts.append("\(holds) \(holds == 1 ? "holds" : "hold")") }
    return "\(name): \(parts.joined(separator: ", "))"
  }
}

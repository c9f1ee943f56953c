package import LingerModel

/// What `test` found: an implementation driven against a spec.
package struct DrivenSpec: Sendable {
  package var spec: ReportedSpec
  /// What is driven: the command, and what it calls itself.
  package var subject: String
  package var seed: UInt64 = 1
  package var runCount = 0
  /// Runs of a plan, towards a transition that none had taken or a cell of the matrix.
  package var plannedCount = 0
  /// Replays that ran first.
  package var regressionCount = 0
  package var exchangeCount = 0
  /// Inputs that it refused.
  package var refusedCount = 0
  /// Runs that the spec says nothing more about, by reason, in the order of the first of each.
  package var ends: [(reason: String, count: Int)] = []
  /// By transition of the subject's role: how often it was taken.
  package var coverage: [(transition: String, count: Int)] = []
  /// Transitions taken one after the other.
  package var pairCount = 0
  /// State times message times edges, and how many of these were tried.
  package var cellCount = 0
  package var triedCellCount = 0
  package var highWater = 0
  /// What it does that the spec does not allow: the first, or one of each sort.
  package var failures: [DrivenFailure] = []
  /// Why it stopped early.
  package var interruption: String?
  /// Why nothing could be driven: whose fault it is, in a line.
  package var problem: String?
  /// What the adapter itself was checked for, where that was asked.
  package var adapterChecks: [AdapterCheck] = []
  /// Why a replay file cannot be used.
  package var inputError: String?

  /// Something that the line protocol asks of an adapter.
  package struct AdapterCheck: Sendable {
    package var name: String
    /// What is wrong; nil for nothing.
    package var problem: String?

    package init(name: String, problem: String?) {
      self.name = name
      self.problem = problem
    }
  }

  package init(_ spec: ReportedSpec, subject: String) {
    self.spec = spec
    self.subject = subject
  }

  package var failure: DrivenFailure? { failures.first }

  /// 0 it conforms, 1 it does not, 2 the spec or a replay has errors, 3 nothing could be decided,
  /// 69 the subject cannot be used.
  package var exitCode: Int32 {
    guard spec.context != nil else { return 2 }
    if !failures.isEmpty { return 1 }
    if inputError != nil { return 2 }
    if problem != nil { return 69 }
    if !adapterChecks.isEmpty { return adapterChecks.allSatisfy { $0.problem == nil } ? 0 : 1 }
    return undecided == nil ? 0 : 3
  }

  /// Why nothing is said although nothing failed; nil where it conforms.
  package var undecided: String? {
    if let interruption { return interruption }
    let total = runCount + regressionCount
    if ends.reduce(0, { $0 + $1.count }) == total { return "no run could be followed to its end" }
    let hasRefusedAll = exchangeCount > 0 && refusedCount >= exchangeCount
    return hasRefusedAll ? "it refused everything that it was told" : nil
  }
}

/// The first failure of a driven implementation, shrunk.
package struct DrivenFailure: Sendable {
  /// `missing output`, `crash`.
  package var kind: String
  /// What sort of failure it is: the state, what came, what was done; of two runs with the same
  /// one only one is told.
  package var sort: String
  /// In words, where the spec has no part in it.
  package var text: String?
  /// Which run it was, from 1; nil for a replay.
  package var run: Int?
  /// The replay that failed.
  package var replay: String?
  /// Moves before shrinking.
  package var originalCount = 0
  package var steps: [ToldMove] = []
  /// What was found wrong, as for a log.
  package var trace: ConformedTrace?
  /// How many of so many repetitions fail.
  package var rate: (failed: Int, of: Int)?
  /// The run as lines of the line protocol, to be replayed.
  package var replayFile = ""
  /// The end of what the subject wrote on standard error.
  package var log = ""

  /// A name for the file with the run: the same failure gets the same one.
  package var fileName: String {
    let words = kind.split(separator: " ").joined(separator: "-")
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    // FNV-1a.
    for byte in replayFile.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "\(words)-\(String(digest, radix: 36)).trace.jsonl"
  }

  /// One move, and what came of it.
  package struct ToldMove: Sendable {
    package var time: Rational
    /// What happened: `call close()`, `Segment(seq: 0, fin: true) arrives`.
    package var text: String
    /// What the subject did.
    package var outputs: [String] = []
    /// The state that it reported.
    package var state: String?

    package init(time: Rational, text: String) {
      self.time = time
      self.text = text
    }
  }

  package init(kind: String, sort: String) {
    self.kind = kind
    self.sort = sort
  }
}

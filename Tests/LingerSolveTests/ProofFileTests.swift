import Foundation
import LingerModel
import LingerSolve
import Testing

@Suite struct ProofFileTests {
  @Test("a proof is cut at its resets, and each obligation is named by the comment before")
  func obligations() throws {
    let text = """
      ; a title
      ; start
      (reset)
      (set-logic QF_LRA)
      (declare-fun x () Real) ; a remark with a (
      (assert (> x |a ) name|))
      (check-sat)

      ; step (
      (reset)
      (declare-fun |a ) name| () Real)
      (assert (= |a ) name| 1.0))
      (check-sat)
      (exit)
      """
    let obligations = try ProofFile(text).obligations
    #expect(obligations.map(\.name) == ["start", "step ("])
    #expect(obligations.map(\.line) == [7, 13])
    #expect(obligations[1].text.contains("declare-fun"))
    #expect(!obligations[1].text.contains("check-sat"))
  }

  @Test(
    "a text that is not a proof is refused with its line",
    arguments: [
      ("", 1, "there is no (check-sat) in it"),
      ("(assert true)", 1, "there is no (check-sat) in it"),
      ("\n(assert (> 1 2)", 2, "a '(' is never closed"),
      ("(assert true)\n\nword", 3, "a command must begin with '('"),
      ("(set-option :regular-output-channel \"x\")", 1, "'set-option' is not part of a proof"),
      ("(check-sat)\n(assert false)", 2, "'assert' behind a (check-sat)"),
      ("(check-sat)(check-sat)", 1, "a second (check-sat) without a (reset)"),
      ("(assert |x)", 1, "a quotation is never closed"),
      ("(assert )\n(check-sat)", 2, "Z3 cannot read it"),
    ]
  )
  func unreadable(text: String, line: Int, reason: String) {
    do throws(ProofFile.Unreadable) {
      _ = try recheck(text)
      Issue.record("it was read")
    } catch {
      #expect(error.line == line)
      #expect(error.reason.hasPrefix(reason), "\(error.reason)")
    }
  }

  @Test("each obligation has an answer of its own")
  func answers() throws {
    let results = try recheck(
      """
      (declare-const x Real) (assert (> x 1)) (check-sat)
      (reset) (declare-const x Bool) (assert (and x (not x))) (check-sat)
      (reset) (assert true) (check-sat)
      """
    )
    #expect(results.map(\.answer) == [.satisfiable, .unsatisfiable, .satisfiable])
  }

  @Test("a reason to stop leaves the rest unknown")
  func stopped() throws {
    var options = TimedOptions()
    options.budget.interruption = { "time limit" }
    let results = try recheck("(assert false)(check-sat)", options: options)
    #expect(results.map(\.answer) == [.unknown(.other("time limit"))])
  }

  @Test("a reason to stop ends a check that would take long")
  func watched() throws {
    let context = try SolverContext()
    var solver = try Solver(in: context)
    try solver.assert(try pigeonhole(context, pigeons: 14))
    let start = ContinuousClock.now
    let time = Budget.Time(.milliseconds(100), words: "100ms") { ContinuousClock.now - start }
    let watch = InterruptWatch(context.interrupter, Budget(time: time))
    defer { watch.end() }
    #expect(try solver.check() == .unknown(.interrupted))
  }

  @Test("too much memory ends one check, and the next has its turn")
  func memory() throws {
    let context = try SolverContext()
    let hard = try pigeonhole(context, pigeons: 14)
    // Anything is more than nothing.
    let watch = InterruptWatch(context.interrupter, .unlimited, memoryBytes: 0)
    for _ in 0..<3 {
      var solver = try Solver(in: context)
      try solver.assert(hard)
      #expect(try solver.check() == .unknown(.memoryLimit))
      #expect(!context.interrupter.isInterrupted)
    }
    watch.end()
    // The watch may look once more.
    Thread.sleep(forTimeInterval: 0.1)
    var solver = try Solver(in: context)
    try solver.assert(context.truth(false))
    #expect(try solver.check() == .unsatisfiable)
  }
}

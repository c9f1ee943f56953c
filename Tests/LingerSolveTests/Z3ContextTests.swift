import Foundation
import LingerModel
import LingerSolve
import Synchronization
import Testing

extension Tag {
  /// Tests that need Z3.
  @Tag static var solver: Tag
}

@Suite("Z3: contexts", .tags(.solver))
struct Z3ContextTests {
  @Test("know the library's version")
  func version() {
    let (loaded, header) = (LibraryVersion.loaded, LibraryVersion.header)
    #expect(loaded.isCompatible(with: header))
    #expect(loaded.major >= 4)
    let known = LibraryVersion(major: 4, minor: 8, build: 12, revision: 0)
    #expect(known.isKnownGood)
    #expect(known.description == "4.8.12.0")
    let other = LibraryVersion(major: 4, minor: 13, build: 0, revision: 0)
    #expect(!other.isKnownGood)
    #expect(!other.isCompatible(with: known))
    #expect(
      "\(Z3Error.versionMismatch(loaded: other, header: known))"
        == "the Z3 library is version 4.13.0.0, but this program was built for 4.8.12.0"
    )
  }

  @Test("work side by side in two threads")
  func twoThreads() async throws {
    let results = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<2 {
        group.addTask {
          var values: [String] = []
          let context = try SolverContext()
          for round in 1...200 {
            let x = try context.realConstant("x")
            var solver = try Solver(in: context)
            try solver.assert((round * x).isEqual(to: context.real(1)))
            guard try solver.check() == .satisfiable else { continue }
            values.append(try solver.model().value(of: x).description)
          }
          return values
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let expected = (1...200).map { $0 == 1 ? "1" : "1/\($0)" }
    #expect(results == [expected, expected])
  }

  @Test("stop a check from another thread, and stay usable")
  func interruption() throws {
    let context = try SolverContext()
    var solver = try Solver(in: context)
    try solver.assert(pigeonhole(context, pigeons: 14))
    for _ in 0..<3 {
      let interrupter = context.interrupter
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.1)
        interrupter.interrupt()
      }
      #expect(try solver.check() == .unknown(.interrupted))
      #expect(interrupter.isInterrupted)
      // It stays pulled until resumed, for every kind of check.
      #expect(try solver.check() == .unknown(.interrupted))
      #expect(try Optimizer(in: context).check() == .unknown(.interrupted))
      context.resume()
      #expect(!interrupter.isInterrupted)
      try solver.push()
      try solver.assert(context.truth(false))
      #expect(try solver.check() == .unsatisfiable)
      try solver.pop()
    }
  }

  @Test("hear an interrupt whenever it comes")
  func interruptionRaces() throws {
    // The moment of the request wanders over the start of the check.
    let context = try SolverContext()
    let hard = try pigeonhole(context, pigeons: 14)
    for round in 0..<60 {
      var solver = try Solver(in: context, engine: .incremental)
      try solver.assert(hard)
      let interrupter = context.interrupter
      let request = InterruptRequest(interrupter, spins: round * 40)
      request.start()
      #expect(try solver.check() == .unknown(.interrupted))
      request.finish()
      context.resume()
      try solver.push()
      try solver.assert(context.truth(false))
      #expect(try solver.check() == .unsatisfiable)
    }
  }

  @Test("leave the process's own handler for SIGINT in place")
  func signals() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT) { _ in _exit(7) }
      let context = try SolverContext()
      var solver = try Solver(in: context)
      try solver.assert(pigeonhole(context, pigeons: 14))
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.2)
        kill(getpid(), SIGINT)
      }
      _ = try solver.check()
    }
  }

  @Test("may outlive their interrupter's use, and the other way round")
  func lateInterrupt() throws {
    let interrupter = try SolverContext().interrupter
    interrupter.interrupt()
    #expect(interrupter.isInterrupted)
  }
}

/// An interrupt from a second thread after a moment of spinning.
final class InterruptRequest: Sendable {
  private let interrupter: SolverInterrupter
  private let spins: Int
  private let isDone = Atomic(false)
  private let isStarted = Atomic(false)

  init(_ interrupter: SolverInterrupter, spins: Int) {
    self.interrupter = interrupter
    self.spins = spins
  }

  /// Starts the thread and returns once it runs.
  func start() {
    Thread.detachNewThread { [self] in
      isStarted.store(true, ordering: .releasing)
      var sum = 0
      for number in 0..<spins { sum &+= number }
      if sum >= 0 { interrupter.interrupt() }
      isDone.store(true, ordering: .releasing)
    }
    while !isStarted.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.000_01) }
  }

  /// Waits for the thread's end.
  func finish() {
    while !isDone.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.001) }
  }
}

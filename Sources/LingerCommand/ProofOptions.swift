import ArgumentParser
import Foundation
import Linger
import LingerModel

/// Where proofs go.
struct ProofOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Save the proofs of timed properties as SMT-LIB 2 for 'linger recheck': all in one file, or "
        + "in a folder (one that exists, or a name with a / at its end) as PROTOCOL-PROPERTY.smt2.",
      valueName: "file-or-folder"
    )
  )
  var certificate: String?

  /// Saves what was proved; false when a file could not be written.
  func save(_ proofs: [Certificate], quiet: Bool) -> Bool {
    guard let certificate else { return true }
    guard !proofs.isEmpty else {
      if !quiet {
        Console.printError("no answer rests on a proof of the solver: nothing to save\n")
      }
      return true
    }
    guard certificate.hasSuffix("/") || Files.isDirectory(certificate) else {
      return Files.write(proofs.map(\.text).joined(separator: "\n"), to: certificate)
    }
    guard Files.createDirectory(certificate) else { return false }
    let folder = certificate.hasSuffix("/") ? certificate : certificate + "/"
    var isSaved = true
    for proof in proofs {
      let file = "\(folder)\(proof.protocolName)-\(proof.property).smt2"
      isSaved = Files.write(proof.text, to: file) && isSaved
    }
    return isSaved
  }
}

/// How timed properties are proved.
struct TimedEngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What decides timed properties: automatic (zones for the values in force; induction, then "
        + "Spacer, for all values), zones, spacer, or induction.",
      valueName: "engine"
    )
  )
  var timedEngine: TimedEngine = .automatic

  @Option(
    name: .customLong("lemma"),
    help: ArgumentHelp(
      "Prove this timed invariant first, and presume it in the proofs of the others; repeatable.",
      valueName: "name"
    )
  )
  var lemmas: [String] = []

  /// Refuses the name of a lemma that no spec knows: a slip of the pen.
  func requireKnownLemmas(in specs: [Specification]) throws {
    try requireKnown(lemmas, among: specs.flatMap(\.timedInvariantNames), what: "timed invariant")
  }
}

/// Refuses the first name that is not among those known, with the one that may have been meant.
func requireKnown(_ names: [String], among known: [String], what: String) throws {
  for name in names where !known.contains(name) {
    let advice = nearestName(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError("No \(what) is named '\(name)'.\(advice)")
  }
}

extension TimedEngine: ExpressibleByArgument {}

/// What a missing part of the installation ends with.
let exitCodeOfMissingPart: Int32 = 69

/// Says why the solver's library cannot be used, where it cannot; whether it can be.
func announceSolver() -> Bool {
  if let path = ProcessInfo.processInfo.environment["LINGER_Z3"], !path.isEmpty {
    SolverLibrary.choose(path)
  }
  guard let problem = SolverLibrary.problem else { return true }
  Console.printError("error: \(problem)\n")
  return false
}

/// Ends a command that can do nothing without the solver where there is none.
func requireSolver() throws {
  guard announceSolver() else { throw ExitCode(exitCodeOfMissingPart) }
}

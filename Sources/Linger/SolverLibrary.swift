import LingerSolve

/// The Z3 library that this program runs with.
package enum SolverLibrary {
  /// Why timed properties cannot be decided, and what to do about it; nil where they can.
  ///
  /// The numbers of Z3's enumerations differ between versions, so another version could answer
  /// something else than what was asked.
  package static var problem: String? {
    if let reason = SolverFile.problem {
      return "the Z3 library cannot be loaded: \(reason); install it (Debian: apt-get install "
        + "libz3-4), or name its file in LINGER_Z3"
    }
    let (loaded, header) = (LibraryVersion.loaded, LibraryVersion.header)
    guard !loaded.isCompatible(with: header) else { return nil }
    return "the Z3 library that was found is version \(loaded), but this program was built for "
      + "\(header); install that one (Debian: apt-get install libz3-4), or build Linger again "
      + "against yours (libz3-dev, then make)"
  }

  /// Chooses the file that the library is loaded from, before it is needed.
  package static func choose(_ path: String) { SolverFile.choose(path) }
}

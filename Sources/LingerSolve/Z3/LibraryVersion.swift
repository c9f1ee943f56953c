private import CZ3

/// A version of the Z3 library.
package struct LibraryVersion: Hashable, Sendable {
  package var major: Int
  package var minor: Int
  package var build: Int
  package var revision: Int

  package init(major: Int, minor: Int, build: Int, revision: Int) {
    self.major = major
    self.minor = minor
    self.build = build
    self.revision = revision
  }

  /// The library that runs; all zero where there is none.
  package static var loaded: LibraryVersion {
    guard SolverFile.problem == nil else {
      return LibraryVersion(major: 0, minor: 0, build: 0, revision: 0)
    }
    var (major, minor, build, revision): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    unsafe Z3_get_version(&major, &minor, &build, &revision)
    return LibraryVersion(
      major: Int(major),
      minor: Int(minor),
      build: Int(build),
      revision: Int(revision)
    )
  }

  /// The header that this program was compiled with.
  package static var header: LibraryVersion {
    LibraryVersion(
      major: Int(Z3_MAJOR_VERSION),
      minor: Int(Z3_MINOR_VERSION),
      build: Int(Z3_BUILD_NUMBER),
      revision: Int(Z3_REVISION_NUMBER)
    )
  }

  /// Whether the encodings and limits were measured on this version: 4.8.
  ///
  /// Other versions are accepted, and worth a line in a report: times and `unknown`s may differ.
  package var isKnownGood: Bool { major == 4 && minor == 8 }

  /// Whether code compiled for `other` may call this library.
  package func isCompatible(with other: LibraryVersion) -> Bool {
    (major, minor) == (other.major, other.minor)
  }
}

extension LibraryVersion: CustomStringConvertible {
  package var description: String { "\(major).\(minor).\(build).\(revision)" }
}

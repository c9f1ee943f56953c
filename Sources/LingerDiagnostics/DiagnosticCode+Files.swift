/// L06xx: files and how they refer to each other.
extension DiagnosticCode {
  package static let files: [DiagnosticCode] = [
    unreadableFile, notUTF8, emptyFile, fileTooLarge, cyclicImport, libraryFile, unsuitableFile,
  ]

  package static let unreadableFile = DiagnosticCode(
    "L0601",
    "a file that cannot be read",
    """
    There is no such file, it is a folder, or it cannot be opened. Paths of 'import'
    and of a variant's base are relative to the file that names them.
    """
  )

  package static let notUTF8 = DiagnosticCode(
    "L0602",
    "a file that is not UTF-8",
    """
    Specs are UTF-8 text. The byte at the given offset belongs to no character, as in
    files saved as Latin-1 or UTF-16, or in files that are not text.
    """
  )

  package static let emptyFile = DiagnosticCode(
    "L0603",
    "an empty file",
    """
    There is nothing in the file but blanks. A spec begins with

      protocol Name
    """
  )

  package static let fileTooLarge = DiagnosticCode(
    "L0604",
    "a file that is too large to be a spec",
    """
    Specs have some hundred lines. A file of many megabytes was given by mistake.
    """
  )

  package static let cyclicImport = DiagnosticCode(
    "L0605",
    "files that import each other",
    """
    An import, or the base of a variant, leads back to a file that is being read. What
    both need belongs in a third file that both import.
    """
  )

  package static let libraryFile = DiagnosticCode(
    "L0606",
    "a file without a protocol",
    """
    The file has no 'protocol' line: it shares types and roles with files that import
    it, and there is nothing to check in it alone.
    """
  )

  package static let unsuitableFile = DiagnosticCode(
    "L0607",
    "a file of the wrong kind",
    """
    A variant changes a protocol or another variant, and 'import' takes types and roles
    of a protocol or of a file without one. A variant is not imported.
    """
  )
}

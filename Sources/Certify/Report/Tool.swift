/// The tool itself, as the command line names it.
public enum Tool {
  public static let version = "0.1.0"
}

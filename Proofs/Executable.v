(** The checker: one program for all rules, and its soundness. [propose] guesses factors, [root] square
    roots, [triangulate] triangular factors; nothing is asked of them. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableTriangular ExecutableDense ExecutableSlopeLMI
  ExecutableRefutation ExecutableVertexLMI ExecutableInertia
  ExecutableEulerSkew.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Inductive scope := Continuous | AsRun.

(** The rules with their arguments; [Triangular] takes the place of each unit in the order. *)
Inductive rule :=
  | AbsoluteValue of vector & vector
  | Symmetric
  | ProductForm of vector & quotient
  | Triangular of seq Z
  | SingularValue of vector & quotient & bool
  | Disk of vector
  | SlopeLMI of matrix & vector & quotient
  | VertexLMI of matrix & quotient.

(** The slopes are g at the units where the list has true, and l elsewhere. *)
Inductive refutation :=
  | PrincipalMinor of seq bool
  | Flip of seq bool
  | Inertia of seq bool & matrix & vector & quotient
  | EulerSkew of vector.

Inductive reason :=
  | NotANetwork          (* slopes or time constants out of order *)
  | NotContracting       (* the bound is no rate above 0, or no factor in [0, 1) *)
  | NotTheseSteps        (* no such map, or it does not run by steps that the checker knows *)
  | NotShown.            (* a condition of the rule fails, or could not be shown *)

Section Checker.
Variables (propose : proposer) (root : quotient -> quotient) (triangulate : triangulator).

(** [paces]: 1/tau for the flow, and for the map what a step multiplies the right-hand side by. *)
Definition holds N (s : scope) (paces : vector) (r : rule) (bound : quotient) : bool :=
  match s, r with
  | Continuous, AbsoluteValue v w => absolute_value_rate N v w bound
  | AsRun, AbsoluteValue v w => absolute_value_factor N paces v w bound
  | Continuous, Symmetric => symmetric_rate propose N bound
  | AsRun, Symmetric => symmetric_factor propose N paces bound
  | Continuous, ProductForm v floor => product_form_rate propose N v floor bound
  | AsRun, ProductForm _ _ => false
  | Continuous, Triangular places => triangular_rate N places bound
  | AsRun, Triangular places => triangular_factor N places paces bound
  | Continuous, SingularValue p norm drops => singular_value_rate propose N p norm drops bound
  | AsRun, SingularValue p norm _ => singular_value_factor propose N p norm paces bound
  | Continuous, Disk p => disk_rate propose root N p bound
  | AsRun, Disk p => disk_factor propose root N p paces bound
  | Continuous, SlopeLMI M Lam floor => slope_lmi_rate propose N M Lam floor paces bound
  | AsRun, SlopeLMI M Lam floor => slope_lmi_factor propose N M Lam floor paces bound
  | Continuous, VertexLMI M floor => vertex_lmi_rate propose N M floor paces bound
  | AsRun, VertexLMI M floor => vertex_lmi_factor propose N M floor paces bound
  end.

(** Nothing if the claim is proved, else why not. *)
Definition check N (s : scope) (paces : vector) (r : rule) (bound : quotient) : option reason :=
  if ~~ sensible N then Some NotANetwork else
  match s with
  | Continuous => if ~~ qlt q0 bound then Some NotContracting else
    if holds N s paces r bound then None else Some NotShown
  | AsRun => if ~~ (qle q0 bound && qlt bound q1) then Some NotContracting else
    if ~~ has_steps N paces then Some NotTheseSteps else
    if holds N s paces r bound then None else Some NotShown
  end.

(** What a certificate claims. *)
Definition claim (R : realFieldType) (N : network) (s : scope) (bound : quotient) : Prop :=
  match s with Continuous => flow_claim R N bound | AsRun => run_claim R N bound end.

Lemma holds_flow (R : realFieldType) N paces r bound : sensible N -> qlt q0 bound ->
  holds N Continuous paces r bound -> flow_claim R N bound.
Proof.
move=> ok l0; case: r => [v w||v f|p|p s d|p|M L f|M f]; cbv beta iota delta [holds] => h.
- by eexists; exact (absolute_value_rateP R ok l0 h).
- by eexists; exact (symmetric_rateP R ok l0 h).
- by eexists; exact (product_form_rateP R ok l0 h).
- exact (triangular_rateP R ok l0 h).
- by eexists; exact (singular_value_rateP R ok l0 h).
- by eexists; exact (disk_rateP R ok l0 h).
- by eexists; exact (slope_lmi_rateP R ok l0 h).
by eexists; exact (vertex_lmi_rateP R ok l0 h).
Qed.

Lemma holds_run (R : realFieldType) N paces r bound : sensible N -> has_steps N paces ->
  qle q0 bound -> qlt bound q1 -> holds N AsRun paces r bound -> run_claim R N bound.
Proof.
move=> ok hs r0 r1; case: r => [v w||v f|p|p s d|p|M L f|M f]; cbv beta iota delta [holds] => h.
- by eexists; exact (absolute_value_factorP R ok hs r0 r1 h).
- by eexists; exact (symmetric_factorP R ok hs r0 r1 h).
- by discriminate h.
- exact (triangular_factorP R ok hs r0 r1 h).
- by eexists; exact (singular_value_factorP R ok hs r0 r1 h).
- by eexists; exact (disk_factorP R ok hs r0 r1 h).
- by eexists; exact (slope_lmi_factorP R ok hs r0 r1 h).
by eexists; exact (vertex_lmi_factorP R ok hs r0 r1 h).
Qed.

Theorem check_sound (R : realFieldType) N s paces r bound :
  check N s paces r bound = None -> claim R N s bound.
Proof.
rewrite /check; case ok: (sensible N); last by move=> no; discriminate no.
case: s; rewrite [negb _]/=.
  case l0: (qlt q0 bound); last by move=> no; discriminate no.
  case h: (holds _ _ _ _ _); last by move=> no; discriminate no.
  by move=> _; apply: holds_flow h.
case r0: (qle q0 bound); last by move=> no; discriminate no.
case r1: (qlt bound q1); last by move=> no; discriminate no.
case hs: (has_steps N paces); last by move=> no; discriminate no.
case h: (holds _ _ _ _ _); last by move=> no; discriminate no.
by move=> _; apply: holds_run h.
Qed.

(** ** Refutations: no constant metric at all *)

Definition refutes N (s : scope) (paces : vector) (r : refutation) : bool :=
  match s, r with
  | Continuous, PrincipalMinor active => flow_determinant triangulate N active
  | AsRun, PrincipalMinor active => run_determinant triangulate N paces active
  | Continuous, Flip _ => false
  | AsRun, Flip active => run_flip triangulate N paces active
  | Continuous, Inertia active M x c => flow_inertia propose N paces active M x c
  | AsRun, Inertia active M x c => run_inertia propose N paces active M x c
  | Continuous, EulerSkew _ => false
  | AsRun, EulerSkew x => run_skew N paces x
  end.

Definition check_refutation N s paces r : option reason :=
  if ~~ sensible N then Some NotANetwork else
  if (if s is AsRun then ~~ has_steps N paces else false) then Some NotTheseSteps else
  if refutes N s paces r then None else Some NotShown.

Definition refuted (R : realFieldType) (N : network) (s : scope) : Prop :=
  match s with Continuous => flow_refuted N R | AsRun => run_refuted N R end.

(** Over an archimedean field, as the inertia argument needs one; determinants need none. *)
Theorem check_refutation_sound (R : archiFieldType) N s paces r :
  check_refutation N s paces r = None -> refuted R N s.
Proof.
rewrite /check_refutation; case ok: (sensible N); last by move=> no; discriminate no.
rewrite [negb _]/=; case: (if s is AsRun then _ else _); first by move=> no; discriminate no.
case h: (refutes N s paces r); last by move=> no; discriminate no.
move=> _; case: s r h => -[active|active|active M x c|x]; cbv beta iota delta [refutes] => h.
- exact (flow_determinantP ok h).
- by discriminate h.
- exact (flow_inertiaP ok h).
- by discriminate h.
- exact (run_determinantP ok h).
- exact (run_flipP ok h).
- exact (run_inertiaP ok h).
exact (run_skewP ok h).
Qed.

End Checker.

(** The rule slope-lmi as a program: the matrix of the inequality is worked out exactly. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Symmetric SlopeLMI.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Programs.
Variables (propose : proposer) (N : network).
Local Notation n := (units N).

(** p tau = 1: the reader divides, the checker multiplies. *)
Definition has_paces p := all (fun i => qeq (qmul (entry p i) (entry (times N) i)) q1) (iota 0 n).

Definition less_one := if coupling N is Some L then msub L (mscalar n q1) else mscalar n (qopp q1).

(** The system e' = F e + G v, v = D C e; [start] is 0 for the flow and 1 for the map, s its paces. *)
Definition lure_F start s := madd (mscalar n start) (mrows s less_one).
Definition lure_G s := if side N is Outside then mrows s (weights N) else mdiag s.
Definition lure_C := if side N is Outside then mscalar n q1 else weights N.

Definition metric_above M floor := qlt q0 floor && pd propose n (msub M (mscalar n floor)).

(** -[[A, B], [B^T, D]] with the sector's part added. *)
Definition inequality Lam A B D :=
  let CL := mcols Lam (mtr n lure_C) in
  let A' := msub A (mscale (qmul (qmul q2 (low N)) (high N)) (mmul n n CL lure_C)) in
  let B' := madd B (mscale (qadd (low N) (high N)) CL) in
  psd propose (n + n) (mopp (mblock n A' B' (mtr n B') (msub D (mscale q2 (mdiag Lam))))).

Definition slope_lmi_rate M Lam floor p lam :=
  let F := lure_F q0 p in let G := lure_G p in
  [&& single N, has_paces p, metric_above M floor, positives n Lam &
      inequality Lam (madd (madd (mmul n n (mtr n F) M) (mmul n n M F)) (mscale (qmul q2 lam) M))
        (mmul n n M G) mzero].

Definition slope_lmi_factor M Lam floor s rho :=
  let F := lure_F q1 s in let G := lure_G s in let FM := mmul n n (mtr n F) M in
  [&& single N, metric_above M floor, positives n Lam &
      inequality Lam (msub (mmul n n FM F) (mscale (qmul rho rho) M)) (mmul n n FM G)
        (mmul n n (mmul n n (mtr n G) M) G)].

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).
Local Notation rv := (rv R n).
Hypothesis ok : sensible N.

Lemma metric_aboveP M floor : metric_above M floor -> posdef (mx M).
Proof.
case/andP=> /(qr_positive R) f0 /(@pdP _ R); rewrite mxB mx_scalar => pM.
rewrite -[mx M](subrK (qr floor)%:M); apply: posdef_add => //; first exact: scalar_symmetric.
exact/posdef_nonneg/scalar_posdef.
Qed.

Lemma pacesP p : has_paces p -> rv p = pace R N.
Proof.
move=> h; apply/rowP => i; rewrite rv_at mxE /tau; have [_ _ _ t0] := sensible_facts R ok.
have := qeqP R (all_units h i); rewrite qrM qr1 => e.
by rewrite -[LHS](mulfK (lt0r_neq0 (t0 i))) e mul1r.
Qed.

Local Notation F start s := (mx (lure_F start s)).
Local Notation G s := (mx (lure_G s)).
Local Notation C := (mx lure_C).

Lemma less_oneE : mx less_one = L_ R N - 1%:M.
Proof.
rewrite /less_one /L_ /coupled_matrix; case: (coupling N) => [K|] /=.
  by rewrite mxB mx_scalar qr1.
by rewrite mx_scalar mx_zero sub0r qrN qr1 raddfN.
Qed.

Lemma lure_family start s (B : 'M[R]_n) : single N -> linear R N B ->
  lure (qr (low N)) (qr (high N)) (F start s) (G s) C ((qr start)%:M + diag_mx (rv s) *m B).
Proof.
move=> one /(single_linear one); rewrite /lure_F /lure_G /lure_C mxD mx_scalar mx_rows less_oneE.
case: (side N) => -[d sd ->]; exists d => //; rewrite -[_ + _ - 1%:M]addrA mulmxDr addrA addrAC;
  congr (_ + _).
  by rewrite mx_rows mx_scalar qr1 mulmx1 mulmxA.
by rewrite mx_diag mulmxA.
Qed.

Lemma inequalityP Lam A B D (A' B' D' : 'M[R]_n) : inequality Lam A B D ->
  A' = mx A - (2%:R * qr (low N) * qr (high N)) *: (C^T *m diag_mx (rv Lam) *m C) ->
  B' = mx B + (qr (low N) + qr (high N)) *: (C^T *m diag_mx (rv Lam)) ->
  D' = mx D - 2%:R *: diag_mx (rv Lam) ->
  nonneg (- block_mx A' B' B'^T D').
Proof.
move=> /(@psdP _ R) + -> -> ->; rewrite mxN mx_block mxT !mxB !mxD !mxZ mxM mx_cols mxT mx_diag !qrM qr2 qrD.
exact.
Qed.

Theorem slope_lmi_rateP M Lam floor p lam : qlt q0 lam -> slope_lmi_rate M Lam floor p lam ->
  flow_by R N (mx M) lam.
Proof.
move=> l0 /and5P[one /pacesP pE /metric_aboveP pM /(@positivesP R N) L0 lmi].
have Lam0 i : 0 <= rv Lam 0 i by apply: ltW.
split; first exact: qr_positive.
apply: certifies_sub (slope_lmi_flow (l := qr (low N)) (g := qr (high N)) (F := F q0 p) (G := G p) (C := C)
  pM Lam0 (inequalityP lmi _ _ _)).
- move=> A [B lin ->]; rewrite -pE -[_ *m B]add0r.
  have -> : (0 : 'M[R]_n) = (qr q0)%:M by rewrite qr0 raddf0.
  exact: lure_family.
- by move: (lure_F q0 p) => f; rewrite !mxD !mxM mxT mxZ qrM qr2.
- by rewrite mxM.
by rewrite mx_zero sub0r.
Qed.

Theorem slope_lmi_factorP M Lam floor s rho : has_steps N s -> qle q0 rho -> qlt rho q1 ->
  slope_lmi_factor M Lam floor s rho -> run_by R N (mx M) rho.
Proof.
move=> hs r0 r1 /and4P[one /metric_aboveP pM /(@positivesP R N) L0 lmi].
have Lam0 i : 0 <= rv Lam 0 i by apply: ltW.
rewrite /run_by (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> //.
apply: contracts_sub (slope_lmi_euler (l := qr (low N)) (g := qr (high N)) (F := F q1 s) (G := G s) (C := C)
  pM Lam0 (inequalityP lmi _ _ _)).
- move=> A [_ [B lin ->] ->]; rewrite -(stepsP R ok hs) scale1r.
  have -> : (1%:M : 'M[R]_n) = (qr q1)%:M by rewrite qr1.
  exact: lure_family.
- by move: (lure_F q1 s) => f; rewrite mxB !mxM mxT mxZ qrM.
- by move: (lure_F q1 s) (lure_G s) => f h; rewrite !mxM mxT.
by move: (lure_G s) => h; rewrite !mxM mxT.
Qed.

End Meaning.
End Programs.

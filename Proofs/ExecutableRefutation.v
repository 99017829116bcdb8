(** The refutations principal-minor and, for a map, unstable-vertex with reason flip, as programs. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableAbsoluteValue
  ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableDeterminant.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** E and X for an integer matrix. *)
Definition triangulator := table -> table * table.

Definition upper n (X : table) (good : Z -> bool) :=
  all (fun i => let r := nth [::] X i in all (Z.eqb Z0) (take i r) && good (at1 r i)) (iota 0 n).

Definition lower n (T : table) := all (fun i => all (Z.eqb Z0) (drop i.+1 (nth [::] T i))) (iota 0 n).

Definition diagonal_product n (T : table) := foldr (fun i p => Z.mul (at2 T i i) p) (Zpos 1) (iota 0 n).

Section Programs.
Variables (propose : triangulator) (N : network).
Local Notation n := (units N).

(** det B <= 0. *)
Definition det_nonpositive (B : matrix) :=
  let '(E, X) := propose (entries B) in
  let T := tmul n n (tmul n n E (entries B)) X in
  [&& upper n E (Z.eqb (Zpos 1)), upper n X (Z.ltb Z0), lower n T & Z.leb (diagonal_product n T) Z0].

(** g at the active units, l elsewhere. *)
Definition vertex (active : seq bool) :=
  let a := Z.mul (top (high N)) (Zpos (bottom (low N))) in
  let b := Z.mul (top (low N)) (Zpos (bottom (high N))) in
  Vector (map (fun i => if nth false active i then a else b) (iota 0 n)) (Pos.mul (bottom (low N)) (bottom (high N))).

(** The right-hand side at these slopes, K at slope 0. *)
Definition jacobian active :=
  let d := vertex active in
  madd (if side N is Outside then mcols d (weights N) else mrows d (weights N)) (less_one N).

Definition slope_zero := qle (low' N) q0 && qle q0 (high' N).

Definition flow_determinant active := slope_zero && det_nonpositive (mopp (jacobian active)).
Definition run_determinant s active := has_steps N s && flow_determinant active.
Definition run_flip s active :=
  [&& has_steps N s, slope_zero & det_nonpositive (madd (mscalar n q2) (mrows s (jacobian active)))].

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation zr := (zr R).
Local Notation mx := (mx R n n).
Hypothesis ok : sensible N.

Definition flow_refuted := forall M lam, 0 < lam -> ~ certifies (flow R N) M lam.
Definition run_refuted := forall M rho, 0 <= rho < 1 -> ~ contracts (run R N) M rho.

Lemma zeros xs i : all (Z.eqb Z0) xs -> at1 xs i = Z0.
Proof.
elim: xs i => [|x xs IH] [|i]; rewrite ?at1_nil // => /andP[/Z.eqb_eq x0 /IH h]; first by rewrite -x0.
by rewrite -(h i).
Qed.

Lemma upper_det X good : upper n X good ->
  \det (mx (Matrix X 1)) = \prod_(i < n) zr (at2 X i i) /\ forall i : 'I_n, good (at2 X i i).
Proof.
move=> u; have facts (i : 'I_n) := andP (all_units u i); split=> [|i]; last by have [] := facts i.
rewrite -det_tr det_trig; first by apply: eq_bigr => i _; rewrite mxE mx_at divr1.
apply/is_trig_mxP => i j ij; rewrite mxE mx_at /=; have [z _] := facts j.
by have := zeros i z; rewrite /at1 nth_take // => e; rewrite /at2 /at1 e mul0r.
Qed.

Lemma lower_det T : lower n T -> \det (mx (Matrix T 1)) = \prod_(i < n) zr (at2 T i i).
Proof.
move=> l; rewrite det_trig; first by apply: eq_bigr => i _; rewrite mx_at divr1.
apply/is_trig_mxP => i j ij; rewrite mx_at /=; have z := all_units l i.
have := zeros (j - i.+1) z; rewrite /at1 nth_drop subnKC // => e.
by rewrite /at2 /at1 e mul0r.
Qed.

Lemma diagonal_productE T : zr (diagonal_product n T) = \prod_(i < n) zr (at2 T i i).
Proof.
rewrite -(big_mkord xpredT (fun i => zr (at2 T i i))) /diagonal_product /index_iota subn0.
by elim: (iota 0 n) => [|i s IH]; rewrite ?big_nil //= big_cons zrM IH.
Qed.

Lemma det_over B : exists2 c : R, 0 < c & \det (mx B) = c * \det (mx (Matrix (entries B) 1)).
Proof.
exists ((zr (Zpos (scale B)))^-1 ^+ n); first by rewrite exprn_gt0 ?invr_gt0 ?zr_pos.
rewrite -detZ; congr (\det _); apply/matrixP => i j; by rewrite mxE !mx_at /= divr1 mulrC.
Qed.

Lemma det_nonpositiveP B : det_nonpositive B -> \det (mx B) <= 0.
Proof.
rewrite /det_nonpositive; case: (propose _) => E X /and4P[/upper_det[dE one] /upper_det[dX pos] /lower_det dT].
rewrite -(zr_le R) diagonal_productE -dT zr0; have [c c0 ->] := det_over B.
have -> : mx (Matrix (tmul n n (tmul n n E (entries B)) X) 1)
    = mx (Matrix E 1) *m mx (Matrix (entries B) 1) *m mx (Matrix X 1).
  rewrite -(mxM R n n n (Matrix E 1)); symmetry.
  by rewrite -(mxM R n n n (mmul n n (Matrix E 1) (Matrix (entries B) 1))).
rewrite !det_mulmx dE big1 ?mul1r; last by move=> i _; have /Z.eqb_eq <- := one i.
have Xp : 0 < \det (mx (Matrix X 1)).
  by rewrite dX prodr_gt0 // => i _; rewrite -(zr0 R) zr_lt; apply: pos.
by rewrite pmulr_lle0 // pmulr_rle0.
Qed.

Lemma vertex_slopes active : slopes (qr (low N)) (qr (high N)) (rv R n (vertex active)).
Proof.
have [_ lg _ _] := sensible_facts R ok; move=> i.
have -> : rv R n (vertex active) 0 i = if nth false active i then qr (high N) else qr (low N).
  rewrite rv_at /vertex /entry /qr /= /at1 (nth_map 0%N) ?size_iota // nth_iota // add0n zrMp.
  by case: ifP => _; rewrite zrM; field; rewrite !zr_pos0.
by case: ifP => _; rewrite lexx lg.
Qed.

Lemma jacobian_linear active : slope_zero -> linear R N (mx (jacobian active)).
Proof.
rewrite /slope_zero -!(qr_le R) qr0 => z; rewrite mxD less_oneE /linear; have := vertex_slopes active.
case: (side N) => sd; rewrite ?mx_cols ?mx_rows addrA.
  exists (rv R n (vertex active)), 0; split=> // [i|]; first by rewrite mxE.
  by rewrite linear0 mulmx0 addr0.
by exists (rv R n (vertex active)).
Qed.

Lemma paced_det (p : 'rV[R]_n) (J : 'M[R]_n) : (forall i, 0 < p 0 i) ->
  \det (- J) <= 0 -> \det (- (diag_mx p *m J)) <= 0.
Proof.
move=> p0 dJ; rewrite -mulmxN det_mulmx det_diag pmulr_rle0 // prodr_gt0 // => i _; exact: p0.
Qed.

Theorem flow_determinantP active : flow_determinant active -> flow_refuted.
Proof.
case/andP=> z /det_nonpositiveP; rewrite mxN => dJ;
  apply: (@determinant_flow _ _ _ (diag_mx (pace R N) *m mx (jacobian active))).
  by exists (mx (jacobian active)) => //; apply: jacobian_linear.
by apply: paced_det => //; apply: pace_gt0.
Qed.

Lemma run_member s active : has_steps N s -> slope_zero ->
  run R N (1%:M + diag_mx (step R N) *m mx (jacobian active)).
Proof.
move=> hs z; exists (diag_mx (step R N) *m mx (jacobian active)); last by rewrite scale1r.
by exists (mx (jacobian active)) => //; apply: jacobian_linear.
Qed.

Theorem run_determinantP s active : run_determinant s active -> run_refuted.
Proof.
case/and3P=> hs z /det_nonpositiveP; rewrite mxN => dJ; apply: (determinant_map (run_member active hs z)).
by rewrite opprD addrA subrr add0r; apply: paced_det => //; apply: (step_gt0 R ok hs).
Qed.

Theorem run_flipP s active : run_flip s active -> run_refuted.
Proof.
case/and3P=> hs z /det_nonpositiveP dJ; apply: (flip_map (run_member active hs z)).
by move: dJ; rewrite mxD mx_rows mx_scalar qr2 (stepsP R ok hs) addrA -raddfD.
Qed.

End Meaning.
End Programs.

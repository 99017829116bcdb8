(** The rule vertex-lmi as a program: 2^n tests of size n. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms FormTransfer VertexLMI.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableDeterminant
  ExecutableRefutation.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** All lists of n truth values. *)
Fixpoint patterns n : seq (seq bool) :=
  if n is n'.+1 then let ps := patterns n' in map (cons true) ps ++ map (cons false) ps else [:: [::]].

Lemma patterns_all (P : seq bool -> bool) n : all P (patterns n) -> forall s, size s = n -> P s.
Proof.
elim: n P => [|n IH] P /=; first by rewrite andbT => h [].
by rewrite all_cat !all_map => /andP[t f] [|[|] s] //= [sn]; [apply: (IH _ t) | apply: (IH _ f)].
Qed.

Section Programs.
Variables (propose : proposer) (N : network).
Local Notation n := (units N).

Definition vertex_lmi_rate M floor p lam :=
  [&& single N, has_paces N p, metric_above propose N M floor &
      all (fun active => let MA := mmul n n M (mrows p (jacobian N active)) in
        psd propose n (mopp (madd (madd MA (mtr n MA)) (mscale (qmul q2 lam) M)))) (patterns n)].

Definition vertex_lmi_factor M floor s rho :=
  [&& single N, metric_above propose N M floor &
      all (fun active => let A := madd (mscalar n q1) (mrows s (jacobian N active)) in
        psd propose n (msub (mscale (qmul rho rho) M) (mmul n n (mmul n n (mtr n A) M) A))) (patterns n)].

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R n n).
Local Notation l := (qr (low N)).
Local Notation g := (qr (high N)).
Hypothesis ok : sensible N.

(** The right-hand side at slopes d. *)
Definition at_slopes (d : 'rV[R]_n) : 'M[R]_n := match side N with
  | Outside => W_ R N *m diag_mx d + L_ R N - 1%:M
  | Inside => diag_mx d *m W_ R N + L_ R N - 1%:M end.

Lemma affine_at : affine_in_slopes at_slopes.
Proof. by rewrite /at_slopes; case: (side N); [apply: affine_outside | apply: affine_inside]. Qed.

Lemma linear_at A : single N -> linear R N A -> over_slopes l g at_slopes A.
Proof. by move=> one /(single_linear one); rewrite /over_slopes /at_slopes; case: (side N). Qed.

Lemma jacobian_at (active : 'I_n -> bool) :
  mx (jacobian N (codom active)) = at_slopes (VertexLMI.vertex l g active).
Proof.
have dE : rv R n (ExecutableRefutation.vertex N (codom active)) = VertexLMI.vertex l g active.
  apply/rowP => i; rewrite rv_at mxE /entry /ExecutableRefutation.vertex /qr /= /at1.
  rewrite (nth_map 0%N) ?size_iota // nth_iota // add0n zrMp.
  have -> : nth false (codom active) i = active i.
    by rewrite /codom (nth_map i) ?size_enum_ord // nth_ord_enum.
  by case: (active i); rewrite zrM; field; rewrite !zr_pos0.
rewrite mxD less_oneE /at_slopes; case: (side N); rewrite ?mx_cols ?mx_rows dE addrA //.
Qed.

Lemma at_vertices P (active : 'I_n -> bool) : all P (patterns n) -> P (codom active).
Proof. by move/patterns_all; apply; rewrite size_codom card_ord. Qed.

Theorem vertex_lmi_rateP M floor p lam : qlt q0 lam -> vertex_lmi_rate M floor p lam ->
  flow_by R N (mx M) lam.
Proof.
move=> l0 /and4P[one hp /(@metric_aboveP _ N R) pM lmi].
split; first exact: qr_positive.
have aff := affine_paced (pace R N) affine_at.
apply: certifies_sub (vertex_flow aff pM _) => [A [B lin ->]|active B].
  by have [d sd ->] := linear_at one lin; exists d.
have := @psdP _ R _ _ (at_vertices active lmi);
  rewrite mxN !mxD mxT mxM mx_rows mxZ qrM qr2 jacobian_at (pacesP R ok hp).
by rewrite trmx_mul (posdef_symmetric pM).
Qed.

Theorem vertex_lmi_factorP M floor s rho : has_steps N s -> qle q0 rho -> qlt rho q1 ->
  vertex_lmi_factor M floor s rho -> run_by R N (mx M) rho.
Proof.
move=> hs r0 r1 /and3P[one /(@metric_aboveP _ N R) pM lmi].
rewrite /run_by (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> //.
have aff := affine_euler 1 (affine_paced (step R N) affine_at).
apply: contracts_sub (vertex_map aff pM _) => [A [_ [B lin ->] ->]|active B].
  by have [d sd ->] := linear_at one lin; exists d.
have := @psdP _ R _ _ (at_vertices active lmi); set A := madd _ _.
have -> : B = mx A.
  by rewrite /B /A mxD mx_scalar qr1 mx_rows jacobian_at (stepsP R ok hs) scale1r.
by rewrite mxB mxZ !mxM mxT qrM.
Qed.

End Meaning.
End Programs.

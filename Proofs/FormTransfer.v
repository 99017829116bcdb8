(** Form inside is form outside transposed (theory F3 a, b), and the pace of time.

        (M, lam) certifies a family  <->  (M^-1, lam) certifies its transposes
        (M, lam) certifies form outside and W is invertible  ->  (W^T M W, lam) certifies form inside

    and the same for maps. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section FormTransfer.
Variables (R : realFieldType) (n : nat).
Implicit Types (F G : family R n) (M W L A : 'M[R]_n).

Lemma decays_le F M lam lam' : nonneg M -> lam' <= lam -> decays F M lam -> decays F M lam'.
Proof. by move=> pM le d A FA e; rewrite (le_trans (d A FA e)) // ler_opp2 ler_wpmul2r. Qed.

Lemma decays_sub F G M lam : (forall A, F A -> G A) -> decays G M lam -> decays F M lam.
Proof. by move=> FG d A /FG; apply: d. Qed.

Lemma shrinks_sub F G M rho : (forall A, F A -> G A) -> shrinks G M rho -> shrinks F M rho.
Proof. by move=> FG d A /FG; apply: d. Qed.

Lemma decays_scale F M c lam : 0 <= c -> decays F M lam -> decays F (c *: M) lam.
Proof. by move=> c0 d A FA e; rewrite /qf !bfMZ mulrCA -mulrN ler_wpmul2l ?d. Qed.

(** A certificate for slopes in [l', g'] is one for slopes in any part of it; so one for [0, g] serves [l, g]. *)
Lemma outside_within l g l' g' W L A : l' <= l -> g <= g' -> outside l g W L A -> outside l' g' W L A.
Proof.
move=> ll gg [d sd ->]; exists d => // i; have /andP[ld dg] := sd i.
by rewrite (le_trans ll ld) (le_trans dg gg).
Qed.

Lemma inside_within l g l' g' W L A : l' <= l -> g <= g' -> inside l g W L A -> inside l' g' W L A.
Proof.
move=> ll gg [d sd ->]; exists d => // i; have /andP[ld dg] := sd i.
by rewrite (le_trans ll ld) (le_trans dg gg).
Qed.

(** ** Transposition *)

Definition transposes F : family R n := fun A => F A^T.

Lemma transposes_outside l g W L A :
  transposes (outside l g W L) A <-> inside l g W^T L^T A.
Proof.
split=> [[d sd e]|[d sd ->]].
  by exists d => //; apply: trmx_inj; rewrite e !linearB !linearD /= trmx_mul tr_diag_mx !trmxK trmx1.
by exists d; rewrite // !linearB linearD /= trmx_mul tr_diag_mx !trmxK trmx1.
Qed.

Theorem transfer_flow F M lam :
  certifies F M lam -> certifies (transposes F) (invmx M) lam.
Proof.
move=> [pM d]; have uM := posdef_unit pM; have sM := posdef_symmetric pM.
split=> [|A /d {}d e]; first exact: posdef_inv.
have sI := posdef_symmetric (posdef_inv pM).
have inv x : bf (invmx M) e x = dot (invmx M *m e) x by rewrite dot_adjoint sI.
move: (d (invmx M *m e)); rewrite /qf !inv.
set f := invmx M *m e; have -> : dot f (A *m e) = bf M f (A^T *m f); last first.
  by rewrite [dot f e]dotC -[in dot e f](mulKVmx uM e) dot_adjoint sM.
by rewrite -[in LHS](mulKVmx uM e) -/f /bf -[M in RHS]sM -dot_adjoint [RHS]dotC dot_adjoint trmxK.
Qed.

Theorem transfer_map F M rho :
  contracts F M rho -> contracts (transposes F) (invmx M) rho.
Proof.
move=> [pM d]; have uM := posdef_unit pM; have sM := posdef_symmetric pM.
have pI := posdef_inv pM; have sI := posdef_symmetric pI.
split=> // A /d {}d e; set f := invmx M *m (A *m e); set x := invmx M *m e.
have qinv y : qf (invmx M) y = qf M (invmx M *m y).
  by rewrite /qf -bf_mul mulmxV // bf1 /bf dotC.
rewrite !qinv -/f -/x.
have fx : bf M x (A^T *m f) = qf M f.
  rewrite bfC // /bf /x mulKVmx // dot_adjoint trmxK dotC.
  by rewrite -[A *m e](mulKVmx uM) -/f dotC.
have [rho0|rho0] := eqVneq (rho ^+ 2) 0.
  have /(posdef_eq0 pM) z : qf M (A^T *m f) <= 0 by rewrite (le_trans (d f)) // rho0 mul0r.
  by rewrite -fx z bf0r rho0 mul0r.
have rp : 0 < rho ^+ 2 by rewrite lt_neqAle eq_sym rho0 sqr_ge0.
have := posdef_nonneg pM (A^T *m f - rho ^+ 2 *: x).
rewrite qfD // qfN qfZ bfNr bfZr [bf M _ x]bfC // fx => h.
rewrite -(ler_pmul2l rp) -subr_ge0; apply: (le_trans h); rewrite -subr_ge0.
have -> : rho ^+ 2 * (rho ^+ 2 * qf M x) - rho ^+ 2 * qf M f
    - (qf M (A^T *m f) + 2%:R * - (rho ^+ 2 * qf M f) + rho ^+ 2 ^+ 2 * qf M x)
  = rho ^+ 2 * qf M f - qf M (A^T *m f) by ring.
by rewrite subr_ge0.
Qed.

Corollary euler_outside_of_inside h l g W L M rho :
  contracts (euler h (inside l g W L)) M rho ->
  contracts (euler h (outside l g W^T L^T)) (invmx M) rho.
Proof.
move=> /transfer_map[pI d]; split=> // A [_ [s ss ->] ->].
apply: d; exists (diag_mx s *m W + L - 1%:M); first by exists s.
by rewrite linearD linearZ linearB linearD /= trmx_mul tr_diag_mx !trmxK !trmx1.
Qed.

(** F3 a, in the words of the two forms. *)
Corollary inside_of_outside l g W L M lam :
  certifies (outside l g W L) M lam <-> certifies (inside l g W^T L^T) (invmx M) lam.
Proof.
split=> [/transfer_flow[p d]|[p d]].
  by split=> // A /transposes_outside; apply: d.
have := transfer_flow (conj p d); rewrite invmxK => -[pM dM]; split=> // A FA.
have FT : transposes (outside l g W L) A^T by rewrite /transposes trmxK.
exact: (dM A (proj1 (transposes_outside l g W L A^T) FT)).
Qed.

Corollary outside_of_inside l g W L M lam :
  certifies (inside l g W L) M lam <-> certifies (outside l g W^T L^T) (invmx M) lam.
Proof.
by have := inside_of_outside l g W^T L^T (invmx M) lam; rewrite !trmxK invmxK => h; split=> /h.
Qed.

(** ** Congruence by W: F3 b. *)

Theorem inside_by_congruence l g W M lam :
  W \in unitmx -> certifies (outside l g W 0) M lam -> certifies (inside l g W 0) (W^T *m M *m W) lam.
Proof.
move=> uW [pM d].
have form x y : bf (W^T *m M *m W) x y = bf M (W *m x) (W *m y) by rewrite bf_mul bf_mulT.
split.
  split=> [|x x0]; first by rewrite /symmetric !trmx_mul trmxK (posdef_symmetric pM) mulmxA.
  rewrite /qf form; apply: pM.2; apply: contraNneq x0 => e.
  by rewrite -[x](mulKmx uW) e mulmx0.
move=> _ [s ss ->] e; rewrite /qf !form.
have -> : W *m ((diag_mx s *m W + 0 - 1%:M) *m e) = (W *m diag_mx s + 0 - 1%:M) *m (W *m e).
  by rewrite !addr0 !mulmxBl !mulmxBr !mul1mx !mulmxA.
by apply: d; exists s.
Qed.

(** ** The pace of time *)

(** One time constant for all units: p = 1/tau. *)
Theorem uniform_pace F M lam p :
  0 <= p -> decays F M lam -> decays (paced (const_mx p) F) M (p * lam).
Proof.
move=> p0 d _ [A FA ->] e.
rewrite diag_const_mx mul_scalar_mx -scalemxAl bfZr -mulrA -mulrN.
by rewrite ler_wpmul2l // d.
Qed.

(** Different ones: a diagonal metric is multiplied by them, and the slowest unit sets the rate. *)
Theorem slowest_pace F (m p : 'rV[R]_n) slowest lam :
  (forall i, 0 < m 0 i) -> (forall i, 0 < p 0 i) -> (forall i, slowest <= p 0 i) -> 0 <= lam ->
  decays F (diag_mx m) lam ->
  certifies (paced p F) (diag_mx (\row_i (m 0 i / p 0 i))) (slowest * lam).
Proof.
move=> m0 p0 least l0 d; split; first by apply: diag_posdef => i; rewrite mxE divr_gt0.
have pn i : p 0 i != 0 by rewrite gt_eqF.
move=> _ [A FA ->] e; have -> : bf (diag_mx (\row_i (m 0 i / p 0 i))) e (diag_mx p *m A *m e)
    = bf (diag_mx m) e (A *m e).
  rewrite !bf_diag -mulmxA; apply: eq_bigr => i _; rewrite mul_diag_mx !mxE.
  by move: (\sum_j _) => Aei; entries R; field; rewrite pn.
apply: (le_trans (d A FA e)); rewrite ler_opp2 !qf_diag [slowest * _]mulrC -mulrA [slowest * _]mulrC.
rewrite ler_wpmul2l // mulr_suml; apply: ler_sum => i _; rewrite mxE.
rewrite -subr_ge0; have -> : m 0 i * e i 0 ^+ 2 - m 0 i / p 0 i * e i 0 ^+ 2 * slowest
    = m 0 i * e i 0 ^+ 2 / p 0 i * (p 0 i - slowest) by field; rewrite pn.
apply: mulr_ge0; last by rewrite subr_ge0.
by apply: divr_ge0; [apply: mulr_ge0; [apply: ltW | apply: sqr_ge0] | apply: ltW].
Qed.

End FormTransfer.

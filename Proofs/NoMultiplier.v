(** The dual of the multiplier inequality (Swift: [NoMultiplier]; theory 3, LMI dual): some Z that is nonnegative, not
    0, and makes the trace of Q Z nonnegative for the matrix Q of the inequality, whatever M > 0 and Lam >= 0 are.

        -lg (C Z11 C^T)_ii + (l + g) (C Z12)_ii >= (Z22)_ii     for every unit
        flow   F Z11 + Z11 F^T + G Z12^T + Z12 G^T + 2 lam Z11   psd
        Euler  [F G] Z [F G]^T - rho^2 Z11                       psd *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms NoConstantMetric Semidefinite SlopeLMI.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section NoMultiplier.
Variables (R : realFieldType) (n : nat) (l g : R) (F G C : 'M[R]_n) (Z11 Z12 Z22 : 'M[R]_n).
Let Z : 'M[R]_(n + n) := block_mx Z11 Z12 Z12^T Z22.
Hypotheses (sZ : symmetric Z) (nZ : nonneg Z) (Z0 : Z != 0).
Hypothesis units : forall i,
  Z22 i i <= (l + g) * (C *m Z12) i i - l * g * (C *m Z11 *m C^T) i i.

Lemma first_block_nonneg : nonneg Z11.
Proof.
by move=> y; have := nZ (col_mx y 0); rewrite qf_block /qf !bf0r mulr0 !addr0.
Qed.

(** tr(X^T diag(Lam) Y) *)
Lemma trace_diag (Lam : 'rV[R]_n) (X : 'M[R]_n) : \tr (diag_mx Lam *m X) = \sum_i Lam 0 i * X i i.
Proof. by apply: eq_bigr => i _; rewrite mul_diag_mx mxE. Qed.

Lemma symmetric_blocks : Z11^T = Z11 /\ Z22^T = Z22.
Proof. by move: sZ; rewrite /symmetric /Z tr_block_mx => /eq_block_mx[]. Qed.

Lemma trace_block (X Y V : 'M[R]_n) :
  \tr (block_mx X Y Y^T V *m Z) = \tr (X *m Z11) + 2%:R * \tr (Y *m Z12^T) + \tr (V *m Z22).
Proof.
rewrite /Z mulmx_block mxtrace_block !raddfD /= -[\tr (Y^T *m Z12)]mxtrace_tr trmx_mul trmxK.
by rewrite [\tr (Z12^T *m Y)]mxtrace_mulC; ring.
Qed.

Section Multipliers.
Variables (M : 'M[R]_n) (Lam : 'rV[R]_n).
Hypotheses (pM : posdef M) (Lam0 : forall i, 0 <= Lam 0 i).
Local Notation Lambda := (diag_mx Lam).

(** What the multipliers add to the trace. *)
Lemma multiplier_part : 0 <= (l + g) * \tr (C^T *m Lambda *m Z12^T) - l * g * \tr (C^T *m Lambda *m C *m Z11)
  - \tr (Lambda *m Z22).
Proof.
have -> : \tr (C^T *m Lambda *m Z12^T) = \tr (Lambda *m (C *m Z12)).
  by rewrite -mxtrace_tr !trmx_mul !trmxK tr_diag_mx mxtrace_mulC -mulmxA.
have -> : \tr (C^T *m Lambda *m C *m Z11) = \tr (Lambda *m (C *m Z11 *m C^T)).
  by rewrite -!mulmxA mxtrace_mulC -!mulmxA.
rewrite !trace_diag !mulr_sumr -!sumrB; apply: sumr_ge0 => i _.
have h := units i; rewrite -subr_ge0 in h.
by apply: (le_by _ (mulr_ge0 (Lam0 i) h)); entries R; ring.
Qed.

Lemma trace_MGZ : \tr (M *m (Z12 *m G^T)) = \tr (M *m G *m Z12^T).
Proof.
by rewrite -mxtrace_tr !trmx_mul trmxK (posdef_symmetric pM) mxtrace_mulC -!mulmxA.
Qed.

Lemma flow_trace lam : nonneg (F *m Z11 + Z11 *m F^T + G *m Z12^T + Z12 *m G^T + (2%:R * lam) *: Z11) ->
  0 <= \tr (flow_matrix l g F G C M Lam lam *m Z).
Proof.
have [s11 _] := symmetric_blocks; have sM := posdef_symmetric pM.
set S := (X in nonneg X) => nS; have sS : symmetric S.
  rewrite /symmetric /S !linearD linearZ /= !trmx_mul !trmxK s11 [X in X + _ + _ + _]addrC.
  by congr (_ + _); rewrite -!addrA; congr (_ + (_ + _)); apply: addrC.
have tS := trace_product (posdef_nonneg pM) sS nS; have tL := multiplier_part.
apply: (le_by _ (addr_ge0 tS (addr_ge0 tL tL))).
rewrite subr0 /flow_matrix trace_block /S.
have -> : - (2%:R *: Lambda) = (- 2%:R) *: Lambda by rewrite scaleNr.
rewrite !(mulmxDl, mulmxDr, mulNmx) -!scalemxAl -!scalemxAr !mxtraceD !raddfN /= !mxtraceZ.
rewrite trace_MGZ -!mulmxA.
have -> : \tr (F^T *m (M *m Z11)) = \tr (M *m (Z11 *m F^T)) by rewrite mxtrace_mulC -mulmxA.
by ring.
Qed.

Lemma euler_trace rho :
  nonneg (F *m Z11 *m F^T + F *m Z12 *m G^T + G *m Z12^T *m F^T + G *m Z22 *m G^T - rho ^+ 2 *: Z11) ->
  0 <= \tr (euler_matrix l g F G C M Lam rho *m Z).
Proof.
have [s11 s22] := symmetric_blocks; have sM := posdef_symmetric pM.
set S := (X in nonneg X) => nS; have sS : symmetric S.
  rewrite /symmetric /S !linearD linearN linearZ /= !trmx_mul !trmxK s11 s22 !mulmxA.
  by congr (_ + _ - _); rewrite -!addrA; congr (_ + _); apply: addrC.
have tS := trace_product (posdef_nonneg pM) sS nS; have tL := multiplier_part.
apply: (le_by _ (addr_ge0 tS (addr_ge0 tL tL))).
rewrite subr0 /euler_matrix trace_block /S.
have -> : - (2%:R *: Lambda) = (- 2%:R) *: Lambda by rewrite scaleNr.
rewrite !(mulmxDl, mulmxDr, mulNmx, mulmxN) -!scalemxAl -!scalemxAr !mxtraceD !raddfN /= !mxtraceZ.
have turn (X Y V : 'M[R]_n) : \tr (X^T *m M *m Y *m V) = \tr (M *m (Y *m V *m X^T)).
  by rewrite -!mulmxA mxtrace_mulC -!mulmxA.
have across : \tr (M *m (F *m Z12 *m G^T)) = \tr (M *m (G *m Z12^T *m F^T)).
  by rewrite -mxtrace_tr !trmx_mul !trmxK sM mxtrace_mulC -!mulmxA.
rewrite across !turn -!mulmxA.
by ring.
Qed.
End Multipliers.

Theorem no_multiplier lam lam' : lam <= lam' ->
  nonneg (F *m Z11 + Z11 *m F^T + G *m Z12^T + Z12 *m G^T + (2%:R * lam) *: Z11) ->
  ~ exists (M : 'M[R]_n) (Lam : 'rV[R]_n), [/\ posdef M, forall i, 0 <= Lam 0 i &
      forall x, x != 0 -> qf (flow_matrix l g F G C M Lam lam') x < 0].
Proof.
move=> ll nS [M [Lam [pM Lam0 neg]]].
have := trace_negative neg sZ nZ Z0; apply/negP; rewrite -leNgt; apply: flow_trace => // x.
have := nS x; rewrite /qf !(bfMD, bfMZ) => h; apply: (le_trans h).
by rewrite ler_add2l; apply: (ler_wpmul2r (first_block_nonneg x)); rewrite ler_pmul2l ?ltr0n.
Qed.

Theorem no_multiplier_euler rho rho' : 0 <= rho' <= rho ->
  nonneg (F *m Z11 *m F^T + F *m Z12 *m G^T + G *m Z12^T *m F^T + G *m Z22 *m G^T - rho ^+ 2 *: Z11) ->
  ~ exists (M : 'M[R]_n) (Lam : 'rV[R]_n), [/\ posdef M, forall i, 0 <= Lam 0 i &
      forall x, x != 0 -> qf (euler_matrix l g F G C M Lam rho') x < 0].
Proof.
move=> /andP[r0 rr] nS [M [Lam [pM Lam0 neg]]].
have := trace_negative neg sZ nZ Z0; apply/negP; rewrite -leNgt; apply: euler_trace => // x.
have := nS x; rewrite /qf !(bfMD, bfMN, bfMZ) => h; apply: (le_trans h).
by rewrite ler_add2l ler_opp2; apply: (ler_wpmul2r (first_block_nonneg x)); rewrite ler_sqr ?nnegrE // (le_trans r0).
Qed.

End NoMultiplier.

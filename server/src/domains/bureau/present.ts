import type { z } from 'zod'
import type { Bilingual, Language } from '../../platform/text.ts'
import type { BureauItem } from './contract.ts'
import type { CrewRow, KeptRow } from './queries.ts'

type Item = z.input<typeof BureauItem>

export const presentKept = ({ kind, id, title, status, created_at, updated_at }: KeptRow): Item =>
  ({ type: kind, id, title, status, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() })

export const presentCrew = ({ code, name, status }: CrewRow, language: Language): Item =>
  ({ type: 'agent', id: code, title: (name as Bilingual)[language], status, created_at: null, updated_at: null })

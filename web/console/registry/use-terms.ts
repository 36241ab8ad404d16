import { useQuery } from '@tanstack/react-query'
import type { FieldGroups } from '../../../src/registry/field-groups.ts'
import type { RegistryTerms } from '../../../src/registry/terms/contract.ts'
import type { TagList } from '../../../src/registry/tags/contract.ts'
import { read } from '../../shared/api.ts'
import { language } from '../../shared/i18n/text.ts'
import { asRefusal, type Loaded } from '../../shared/loading.ts'
import { usePurpose } from '../../shared/purpose.ts'

/** What one may do in the registry for the stated purpose; asked once for all its pages. */
export function useRegistryTerms(): Loaded<RegistryTerms> {
  const query = useQuery({
    queryKey: ['registryTerms', language(), usePurpose()],
    queryFn: () => read<RegistryTerms>('/registry/terms'),
    retry: false,
  })
  return {
    data: query.data,
    error: query.error ? asRefusal(query.error) : undefined,
    busy: query.isFetching,
    reload: () => void query.refetch(),
    replace: () => void query.refetch(),
  }
}

/** The tags that people may have, with what each means. */
export const useTagList = (): TagList['items'] =>
  useQuery({
    queryKey: ['registryTags', language()],
    queryFn: () => read<TagList>('/registry/tags'),
    staleTime: Infinity,
  }).data?.items ?? []

/** The groups of what is kept, with their purpose, law and time of keeping. */
export const useFieldGroups = (): FieldGroups['items'] =>
  useQuery({
    queryKey: ['fieldGroups', language()],
    queryFn: () => read<FieldGroups>('/registry/field-groups'),
    staleTime: Infinity,
  }).data?.items ?? []
